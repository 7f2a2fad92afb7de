// What of members reaches whom. Every field of two members holds a marker that
// occurs nowhere else; coordinators with every pair of scope and classes ask
// all that can be asked, and each answer is searched, whole, for markers.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "server/core/search_index.h"
#include "server/core/values.h"
#include "server/rpc/convert.h"
#include "server/rpc/method_policy.h"
#include "sodality/v1/access.pb.h"
#include "sodality/v1/directory.pb.h"
#include "sodality/v1/ledger.pb.h"
#include "sodality/v1/roster.pb.h"
#include "tests/rpc/server_fixture.h"

namespace sodality::rpc {
namespace {

using core::FieldClass;
using core::FieldSpec;
using core::FieldType;

// One field of one member, and what its value is.
struct Marker {
  int member = 0;
  const FieldSpec* field = nullptr;
  std::string value;

  friend bool operator<(const Marker& a, const Marker& b) {
    return std::tie(a.member, a.field->id) < std::tie(b.member, b.field->id);
  }
};

std::string Describe(const Marker& marker) {
  return marker.field->name + " of member " + std::to_string(marker.member);
}

struct Access {
  std::optional<std::string> region;  // None: every region.
  std::set<FieldClass> classes;
};

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

class RevealMatrixTest : public testing::Test {
 protected:
  RevealMatrixTest() {
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

  const core::Schema& schema() { return chapter_.chapter().schema(); }

  // Another region that the index does not tell from this one.
  std::string RegionLike(const std::string& region) {
    const auto index =
        core::SearchIndex::Create(schema(), chapter_.chapter().keyring());
    const FieldSpec& field = *schema().Find("region");
    const auto token = [&](const std::string& name) {
      return index->Exact(field, core::ComparedForm(field, name)).value();
    };
    for (int i = 0;; ++i) {
      std::string other = "Southside " + std::to_string(i);
      if (token(other) == token(region)) return other;
    }
  }

  std::shared_ptr<grpc::Channel> Enrol(const Access& access) {
    const std::string name = "Cora " + std::to_string(++people_);
    const Person person = chapter_.Enrol(name, core::Role::kCoordinator);
    core::GrantInput grant{
        .principal = name,
        .classes = {access.classes.begin(), access.classes.end()}};
    if (access.region) grant.scopes = {{"region", *access.region}};
    chapter_.Grant(grant);
    return server_.ChannelOf(person);
  }

  [[nodiscard]] static bool IsInScope(const Access& access, int member) {
    return !access.region || member == 0;
  }
  [[nodiscard]] static bool May(const Access& access, const Marker& marker) {
    return IsInScope(access, marker.member) &&
           access.classes.contains(marker.field->field_class);
  }

  // The markers in all that an answer brought.
  std::set<Marker> In(const Answer& answer) {
    std::string all = answer.status.error_message() +
                      answer.status.error_details() + answer.metadata;
    for (const std::string& message : answer.messages) all += message;
    std::set<Marker> found;
    for (const Marker& marker : markers_) {
      if (all.find(marker.value) != std::string::npos) found.insert(marker);
    }
    return found;
  }

  struct Question {
    std::string_view method;
    std::vector<std::string> messages;
    bool shows_basic_alone = false;
  };
  std::vector<Question> Questions();
  void AskAbout(const std::string& id, std::vector<Question>& questions);
  void AskFor(const Marker& marker, std::vector<Question>& questions);
  void AddWrites(std::vector<Question>& questions);
  static void AddLookups(std::vector<Question>& questions);

  TestChapter chapter_;
  TestServer server_{chapter_};
  std::vector<Marker> markers_;
  std::vector<core::MemberId> members_;
  int people_ = 0;
};

void RevealMatrixTest::AskAbout(const std::string& id,
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

void RevealMatrixTest::AskFor(const Marker& marker,
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
void RevealMatrixTest::AddWrites(std::vector<Question>& questions) {
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
void RevealMatrixTest::AddLookups(std::vector<Question>& questions) {
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

std::vector<RevealMatrixTest::Question> RevealMatrixTest::Questions() {
  std::vector<Question> questions;
  for (const core::MemberId& member : members_) {
    AskAbout(FormatId(member.bytes), questions);
  }
  for (const Marker& marker : markers_) AskFor(marker, questions);
  AddLookups(questions);
  AddWrites(questions);
  for (const std::string_view method :
       {method::kGetSelf, method::kListOwnEntries, method::kListEntries,
        method::kListPrincipals, method::kListDevices, method::kListGrants,
        method::kGetStatus, method::kGetSchema, method::kGetHead,
        method::kStreamLeaves, method::kDeleteMember, method::kPushRoster}) {
    questions.push_back({method, {""}});
  }
  return questions;
}

TEST_F(RevealMatrixTest, EachGrantShowsItsFieldsOfItsMembersAndNothingElse) {
  const std::vector<Question> questions = Questions();
  for (const auto& region : {std::optional<std::string>(),
                             std::optional<std::string>("Northside")}) {
    for (const std::set<FieldClass>& classes :
         {std::set{FieldClass::kBasic},
          std::set{FieldClass::kBasic, FieldClass::kContact},
          std::set{FieldClass::kBasic, FieldClass::kSensitive},
          std::set{FieldClass::kBasic, FieldClass::kContact,
                   FieldClass::kSensitive}}) {
      const Access access{region, classes};
      const auto channel = Enrol(access);
      std::set<Marker> shown;
      std::set<Marker> streamed;
      for (const Question& question : questions) {
        const std::set<Marker> found =
            In(CallWith(channel, question.method, question.messages));
        for (const Marker& marker : found) {
          const bool basic = marker.field->field_class == FieldClass::kBasic;
          // A grant's own scope names its region.
          const bool is_scope =
              region && marker.field->name == "region" && marker.member == 0;
          EXPECT_TRUE(May(access, marker) || is_scope)
              << question.method << " showed " << Describe(marker);
          EXPECT_TRUE(basic || !question.shows_basic_alone)
              << question.method << " showed " << Describe(marker);
        }
        std::set<Marker>& all =
            question.method == method::kLookup ? streamed : shown;
        all.insert(found.begin(), found.end());
      }
      for (const Marker& marker : markers_) {
        EXPECT_EQ(shown.contains(marker), May(access, marker))
            << Describe(marker) << " was held back";
        EXPECT_EQ(streamed.contains(marker), May(access, marker))
            << Describe(marker) << " was held back on the stream";
      }
    }
  }
}

// One region's search walks over the other's members, page by page.
TEST_F(RevealMatrixTest, PagesHoldNobodyOfARegionWithTheSameToken) {
  for (int i = 0; i < 5; ++i) {
    for (const int member : {0, 1}) {
      std::string region;
      for (const Marker& marker : markers_) {
        if (marker.member == member && marker.field->name == "region") {
          region = marker.value;
        }
      }
      chapter_.AddMember({{"given_name", "Paginata"}, {"region", region}});
    }
  }
  const auto channel =
      Enrol({.region = "Northside", .classes = {FieldClass::kBasic}});
  v1::SearchMembersRequest search;
  search.add_words("paginata");
  search.set_page_size(2);
  std::set<std::string> ids;
  int pages = 0;
  do {
    const Answer answer =
        CallWith(channel, method::kSearchMembers, {search.SerializeAsString()});
    ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
    v1::SearchMembersResponse page;
    ASSERT_TRUE(page.ParseFromString(answer.messages.at(0)));
    for (const v1::Member& member : page.members()) {
      ids.insert(member.id());
      for (const v1::Field& field : member.fields()) {
        if (field.name() != "region") continue;
        EXPECT_EQ(field.values(0), "Northside");
      }
    }
    search.set_page_token(page.next_page_token());
    ++pages;
  } while (!search.page_token().empty());
  EXPECT_EQ(ids.size(), 5u);
  EXPECT_EQ(pages, 3);
}

TEST_F(RevealMatrixTest, AFieldOutsideTheGrantAnswersLikeOneThatIsNotThere) {
  const auto channel =
      Enrol({.region = std::nullopt, .classes = {FieldClass::kBasic}});
  const auto filter = [&](const std::string& name) {
    v1::SearchMembersRequest search;
    search.add_filters()->set_field(name);
    search.mutable_filters(0)->set_value("x");
    return CallWith(channel, method::kSearchMembers,
                    {search.SerializeAsString()});
  };
  const auto view = [&](const std::string& name) {
    v1::GetMemberRequest get;
    get.set_member_id(FormatId(members_[0].bytes));
    get.mutable_view()->add_fields(name);
    return CallWith(channel, method::kGetMember, {get.SerializeAsString()});
  };
  const auto write = [&](const std::string& name) {
    v1::UpdateMemberRequest update;
    update.set_member_id(FormatId(members_[0].bytes));
    update.add_update_mask(name);
    update.set_request_id(FormatId(chapter_.NewRequest().bytes));
    return CallWith(channel, method::kUpdateMember,
                    {update.SerializeAsString()});
  };
  const auto form = [](const Answer& answer, const std::string& name) {
    std::string all = std::to_string(answer.status.error_code()) + " " +
                      answer.status.error_message() + " " +
                      answer.status.error_details();
    for (size_t at; (at = all.find(name)) != std::string::npos;) {
      all.replace(at, name.size(), "?");
    }
    return all;
  };
  for (const FieldSpec& field : schema().fields()) {
    if (field.field_class == FieldClass::kBasic) continue;
    // Of the same length, so that sizes agree too.
    const std::string absent(field.name.size(), 'q');
    EXPECT_EQ(form(filter(field.name), field.name),
              form(filter(absent), absent));
    EXPECT_EQ(form(view(field.name), field.name), form(view(absent), absent));
    EXPECT_EQ(form(write(field.name), field.name), form(write(absent), absent));
  }
}

}  // namespace
}  // namespace sodality::rpc
