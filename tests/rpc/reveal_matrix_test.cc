// What of members reaches whom: coordinators with every pair of scope and
// classes ask all that can be asked, and each answer is searched, whole, for
// markers.
#include <gtest/gtest.h>

#include <set>

#include "server/rpc/convert.h"
#include "server/rpc/method_policy.h"
#include "sodality/v1/directory.pb.h"
#include "tests/rpc/reveal_fixture.h"

namespace sodality::rpc {
namespace {

using core::FieldClass;
using core::FieldSpec;

using RevealMatrixTest = RevealFixture;

std::string Describe(const Marker& marker) {
  return marker.field->name + " of member " + std::to_string(marker.member);
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
