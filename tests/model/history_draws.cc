// What a history draws: who acts, on whom, and with what.
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/model/history.h"

namespace sodality::model {
namespace {

const std::vector<std::string> kGiven = {"Maria", "Marta", "Mario", "Mo"};
const std::vector<std::string> kFamily = {"Gonzalo", "Gonzales", "Li", "Lin"};
const std::vector<std::string> kGivenWords = {"maria", "mar", "mart", "mo",
                                              "mari"};
const std::vector<std::string> kFamilyWords = {"gon", "gonzal", "li", "lin",
                                               "gonzalo"};
const std::vector<std::string> kRegions = {"North", "South", "East"};
constexpr size_t kExternalIds = 12;

}  // namespace

PrincipalId History::Somebody() { return AnyOf(model_.people).first; }

// Mostly somebody who may.
As History::AnybodyThroughAGrant() {
  As as{Somebody(), std::nullopt, world_.clock().Now()};
  if (Chance(25)) as.who = ada_;
  std::vector<GrantId> live;
  for (const auto& [id, grant] : model_.grants) {
    if (!grant.revoked && as.now < grant.not_after) live.push_back(id);
  }
  if (Chance(80)) {
    const GrantId& one = AnyOf(live);
    as.who = model_.grants.at(one).principal;
    if (Chance(80)) as.grant = one;
  }
  if (Chance(4)) as.grant = AnyOf(model_.grants).first;
  return as;
}

MemberId History::SomeMember() {
  if (!model_.members.empty() && Chance(80)) return AnyOf(model_.members).first;
  if (known_.empty() || Chance(20)) return MemberId{{9, 9, 9}};
  return AnyOf(known_);
}

std::string History::SomeGivenName() { return AnyOf(kGiven); }

std::string History::SomeRegion() { return AnyOf(kRegions); }

std::string History::SomeExternalId() {
  return absl::StrCat("X", Below(kExternalIds));
}

Fields History::SomeFields(bool new_member) {
  const size_t likely = new_member ? 60 : 25;
  Fields fields;
  const auto value = [&](std::string text) {
    return !new_member && Chance(25) ? std::string() : text;
  };
  if (Chance(new_member ? 92 : 25))
    fields["given_name"] = value(SomeGivenName());
  if (Chance(likely)) fields["family_name"] = value(AnyOf(kFamily));
  if (Chance(likely)) fields["region"] = value(SomeRegion());
  if (Chance(likely / 2)) {
    fields["email"] = value(absl::StrCat("m", Below(5), "@example.org"));
  }
  if (Chance(likely / 2)) fields["notes"] = value(absl::StrCat("n", Below(9)));
  if (Chance(likely / 2)) {
    fields["external_id"] = value(SomeExternalId());
  }
  if (fields.empty()) fields["notes"] = absl::StrCat("n", Below(9));
  return fields;
}

Question History::SomeQuestion() {
  Question question;
  question.page_size = 1 + Below(3);
  question.showing = static_cast<Showing>(Below(3));
  if (Chance(60)) question.words.push_back(AnyOf(kGivenWords));
  if (Chance(20)) question.words.push_back(AnyOf(kFamilyWords));
  if (question.words.empty() || Chance(20)) {
    const size_t kind = Below(3);
    if (kind == 0) question.filter = {"region", SomeRegion()};
    if (kind == 1) {
      question.filter = {"email", absl::StrCat("m", Below(5), "@example.org")};
    }
    if (kind == 2) {
      question.filter = {"external_id", SomeExternalId()};
    }
  }
  return question;
}

}  // namespace sodality::model
