#include "tests/rpc/reveal_fixture.h"

#include <utility>

#include "server/core/search_index.h"
#include "server/core/values.h"
#include "server/rpc/convert.h"
#include "server/rpc/method_policy.h"
#include "sodality/v1/directory.pb.h"
#include "sodality/v1/ledger.pb.h"

namespace sodality::rpc {
namespace {

using core::FieldSpec;
using core::FieldType;

// A marker of every field but those of type boolean, which have no room.
std::optional<std::string> MarkerOf(const FieldSpec& field, int member,
                                    const std::string& region) {
  const std::string n = std::to_string(member);
  switch (field.type) {
    case FieldType::kEmail:
      return "marker" + n + "@example.org";
    case FieldType::kPhone:
      return "+1212555010" + n;
    case FieldType::kDate:
      return (field.name == "birthday" ? "197" : "201") + n + "-03-04";
    case FieldType::kBoolean:
      return std::nullopt;
    case FieldType::kText:
    case FieldType::kName:
    case FieldType::kTag:
      break;
  }
  if (field.name == "region") return region;
  std::string letters = "marker" + n;
  for (const char c : field.name) letters += c == '_' ? 'q' : c;
  return letters;
}

}  // namespace

RevealFixture::RevealFixture() {
  const std::string regions[] = {"Northside", RegionLike("Northside")};
  for (int member = 0; member < 2; ++member) {
    std::vector<std::pair<std::string, std::string>> fields;
    for (const FieldSpec& field : schema().fields()) {
      const auto value = MarkerOf(field, member, regions[member]);
      if (!value) continue;
      markers_.push_back({member, &field, *value});
      fields.emplace_back(field.name, *value);
    }
    members_.push_back(chapter_.AddMember(fields));
  }
}

std::string RevealFixture::RegionLike(const std::string& region) {
  const auto index =
      core::SearchIndex::Create(schema(), *chapter_.chapter().keyring());
  const FieldSpec& field = *schema().Find("region");
  const auto token = [&](const std::string& name) {
    return index->Exact(field, core::ComparedForm(field, name)).value();
  };
  for (int i = 0;; ++i) {
    std::string other = "Southside " + std::to_string(i);
    if (token(other) == token(region)) return other;
  }
}

std::shared_ptr<grpc::Channel> RevealFixture::Enrol(const Access& access) {
  const std::string name = "Cora " + std::to_string(++people_);
  const Person person = chapter_.Enrol(name, core::Role::kCoordinator);
  core::GrantInput grant{
      .principal = name,
      .classes = {access.classes.begin(), access.classes.end()}};
  if (access.region) grant.scopes = {{"region", *access.region}};
  chapter_.Grant(grant);
  return server_.ChannelOf(person);
}

std::set<Marker> RevealFixture::In(const Answer& answer) {
  std::string all = answer.status.error_message() +
                    answer.status.error_details() + answer.metadata;
  for (const std::string& message : answer.messages) all += message;
  std::set<Marker> found;
  for (const Marker& marker : markers_) {
    if (all.find(marker.value) != std::string::npos) found.insert(marker);
  }
  return found;
}

void RevealFixture::AskAbout(const std::string& id,
                             std::vector<Question>& questions) {
  v1::GetMemberRequest get;
  get.set_member_id(id);
  questions.push_back(
      {method::kGetMember, {get.SerializeAsString()}, /*basic=*/true});
  get.mutable_view()->set_reveal(true);
  questions.push_back({method::kGetMember, {get.SerializeAsString()}});
  get.mutable_view()->set_reveal(false);
  for (const FieldSpec& field : schema().fields()) {
    get.mutable_view()->clear_fields();
    get.mutable_view()->add_fields(field.name);
    questions.push_back({method::kGetMember, {get.SerializeAsString()}});
  }
  v1::ListEntriesRequest entries;
  entries.set_member_id(id);
  questions.push_back({method::kListEntries, {entries.SerializeAsString()}});
}

void RevealFixture::AskFor(const Marker& marker,
                           std::vector<Question>& questions) {
  for (const bool reveal : {false, true}) {
    v1::SearchMembersRequest words;
    words.add_words(marker.value);
    words.mutable_view()->set_reveal(reveal);
    questions.push_back(
        {method::kSearchMembers, {words.SerializeAsString()}, !reveal});
    v1::SearchMembersRequest filter;
    filter.add_filters()->set_field(marker.field->name);
    filter.mutable_filters(0)->set_value(marker.value);
    filter.mutable_view()->set_reveal(reveal);
    questions.push_back(
        {method::kSearchMembers, {filter.SerializeAsString()}, !reveal});
  }
}

// Of the other member, and into fields that a grant may not show.
void RevealFixture::AddWrites(std::vector<Question>& questions) {
  for (const Marker& marker : markers_) {
    v1::UpdateMemberRequest update;
    update.set_member_id(FormatId(members_[1].bytes));
    update.set_revision(9);  // Never the current one.
    update.add_update_mask(marker.field->name);
    update.add_fields()->set_name(marker.field->name);
    update.mutable_fields(0)->add_values(marker.value);
    update.set_request_id(FormatId(chapter_.NewRequest().bytes));
    questions.push_back({method::kUpdateMember, {update.SerializeAsString()}});
    if (marker.field->type == FieldType::kName) continue;
    v1::CreateMemberRequest create;  // Without a name: never created.
    *create.add_fields() = update.fields(0);
    create.set_request_id(FormatId(chapter_.NewRequest().bytes));
    questions.push_back({method::kCreateMember, {create.SerializeAsString()}});
  }
}

// What is asked by unary calls, asked on a stream.
void RevealFixture::AddLookups(std::vector<Question>& questions) {
  const size_t unary = questions.size();
  for (size_t i = 0; i < unary; ++i) {
    v1::LookupRequest lookup;
    v1::LookupQuery& query = *lookup.add_queries();
    const Question& question = questions[i];
    if (question.method == method::kGetMember) {
      query.mutable_get()->ParseFromString(question.messages[0]);
    } else if (question.method == method::kSearchMembers) {
      query.mutable_search()->ParseFromString(question.messages[0]);
    } else {
      continue;
    }
    questions.push_back({method::kLookup,
                         {lookup.SerializeAsString()},
                         question.shows_basic_alone});
  }
}

std::vector<RevealFixture::Question> RevealFixture::Questions() {
  std::vector<Question> questions;
  for (const core::MemberId& member : members_) {
    AskAbout(FormatId(member.bytes), questions);
  }
  for (const Marker& marker : markers_) AskFor(marker, questions);
  AddLookups(questions);
  AddWrites(questions);
  for (const std::string_view method :
       {method::kGetSelf,      method::kListOwnEntries,
        method::kListEntries,  method::kListPrincipals,
        method::kListDevices,  method::kListGrants,
        method::kGetStatus,    method::kGetSchema,
        method::kGetHead,      method::kStreamLeaves,
        method::kDeleteMember, method::kPushRoster,
        method::kListKeys,     method::kRotateKey,
        method::kReencrypt,    method::kWatchRotation,
        method::kCreateBackup, method::kRegisterApprovalKey,
        method::kProposeAct,   method::kListActs,
        method::kApproveAct,   method::kRefuseAct}) {
    questions.push_back({method, {""}});
  }
  return questions;
}

}  // namespace sodality::rpc
