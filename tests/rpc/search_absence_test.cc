// A search tells nothing of members whom the grant does not show: whatever can
// be asked is asked before such members are there and again when they are, and
// the two answers are alike in code, text, metadata and size.
#include <gtest/gtest.h>

#include "server/core/search_index.h"
#include "server/core/values.h"
#include "server/rpc/convert.h"
#include "server/rpc/method_policy.h"
#include "sodality/v1/directory.pb.h"
#include "sodality/v1/ledger.pb.h"
#include "tests/rpc/server_fixture.h"

namespace sodality::rpc {
namespace {

using Search = v1::SearchMembersRequest;

constexpr std::string_view kHome = "Bronx";

Search ByWords(const std::vector<std::string>& words) {
  Search search;
  for (const std::string& word : words) search.add_words(word);
  return search;
}

Search ByFilter(const std::string& field, const std::string& value) {
  Search search;
  search.add_filters()->set_field(field);
  search.mutable_filters(0)->set_value(value);
  return search;
}

// What somebody on the network, or who reads the ledger, can compare. Ids and
// tokens are random but of one size.
struct Seen {
  int code = 0;
  std::string text;
  std::string details;
  std::string metadata;
  std::vector<size_t> sizes;
  size_t shown = 0;
  bool more = false;
  std::vector<size_t> ledger;  // Of each entry: header, then commitments.

  friend bool operator==(const Seen&, const Seen&) = default;
  friend void PrintTo(const Seen& seen, std::ostream* out) {
    *out << seen.code << " " << seen.text << " shown " << seen.shown << " more "
         << seen.more << " bytes";
    for (const size_t size : seen.sizes) *out << " " << size;
    *out << " ledger";
    for (const size_t size : seen.ledger) *out << " " << size;
  }
};

class SearchAbsenceTest : public testing::Test {
 protected:
  SearchAbsenceTest() {
    for (const char* name : {"Ana", "Anabel", "Anatol"}) {
      chapter_.AddMember({{"given_name", name},
                          {"family_name", "Quill"},
                          {"region", std::string(kHome)}});
    }
    const Person cora = chapter_.Enrol("Cora", core::Role::kCoordinator);
    chapter_.Grant({.principal = "Cora",
                    .scopes = {{"region", std::string(kHome)}},
                    .classes = {core::FieldClass::kBasic}});
    channel_ = server_.ChannelOf(cora);
    admin_ = server_.ChannelOf(chapter_.admin());
  }

  // Matches of every question below, elsewhere; some where the index cannot
  // tell the region from the grant's.
  void AddHidden() {
    const std::string like = RegionLike(std::string(kHome));
    for (int i = 0; i < 12; ++i) {
      const std::string n = std::to_string(i);
      chapter_.AddMember({{"given_name", i % 3 == 0 ? "Ana" : "Zelda"},
                          {"family_name", "Quill"},
                          {"pronouns", "ze"},
                          {"email", "zelda" + n + "@example.org"},
                          {"phone", "+121255501" + std::to_string(10 + i)},
                          {"external_id", "Z" + n},
                          {"committees", "Housing"},
                          {"region", i % 2 == 0 ? "Queens" : like}});
    }
  }

  std::string RegionLike(const std::string& region) {
    const auto& schema = chapter_.chapter().schema();
    const auto index =
        core::SearchIndex::Create(schema, *chapter_.chapter().keyring());
    const core::FieldSpec& field = *schema.Find("region");
    const auto token = [&](const std::string& name) {
      return index->Exact(field, core::ComparedForm(field, name)).value();
    };
    for (int i = 0;; ++i) {
      std::string other = "Elsewhere " + std::to_string(i);
      if (token(other) == token(region)) return other;
    }
  }

  static std::vector<Search> Questions() {
    std::vector<Search> all = {ByWords({"zelda"}),
                               ByWords({"zel"}),
                               ByWords({"zelda", "qu"}),
                               ByWords({"zelda0@example.org"}),
                               ByWords({"2125550110"}),
                               ByWords({"ana"}),
                               ByWords({"quill"}),
                               ByFilter("given_name", "Zelda"),
                               ByFilter("pronouns", "ze"),
                               ByFilter("committees", "Housing"),
                               ByFilter("region", "Queens"),
                               ByFilter("region", "Bronx"),
                               ByFilter("email", "zelda0@example.org"),
                               ByFilter("external_id", "Z1"),
                               ByFilter("no_such_field", "Z1")};
    for (const int page : {1, 2, 3, 4}) {
      Search paged = ByWords({"quill"});
      paged.set_page_size(page);
      all.push_back(paged);
    }
    Search named = ByWords({"zelda"});
    named.mutable_view()->add_fields("email");
    all.push_back(named);
    Search revealed = ByWords({"ana"});
    revealed.mutable_view()->set_reveal(true);
    all.push_back(revealed);
    Search stale = ByWords({"zelda"});
    stale.set_page_token(std::string(120, 'A'));
    all.push_back(stale);
    return all;
  }

  uint64_t Head() { return chapter_.chapter().ledger().head().number; }
  std::vector<size_t> LedgerFrom(uint64_t first) {
    v1::StreamLeavesRequest request;
    request.set_first(first);
    std::vector<size_t> sizes;
    for (const std::string& message :
         CallWith(admin_, method::kStreamLeaves, {request.SerializeAsString()})
             .messages) {
      v1::StreamLeavesResponse response;
      EXPECT_TRUE(response.ParseFromString(message));
      for (const v1::Leaf& leaf : response.leaves()) {
        sizes.push_back(leaf.header().size());
        sizes.push_back(static_cast<size_t>(leaf.commitments_size()));
      }
    }
    return sizes;
  }

  Seen Ask(std::string_view method, const std::string& message) {
    const uint64_t before = Head();
    const Answer answer = CallWith(channel_, method, {message});
    Seen seen{.code = answer.status.error_code(),
              .text = answer.status.error_message(),
              .details = answer.status.error_details(),
              .metadata = answer.metadata};
    for (const std::string& one : answer.messages) {
      seen.sizes.push_back(one.size());
    }
    if (Head() > before) seen.ledger = LedgerFrom(before + 1);
    last_ = answer;
    return seen;
  }
  Seen AskAlone(const Search& search) {
    Seen seen = Ask(method::kSearchMembers, search.SerializeAsString());
    v1::SearchMembersResponse found;
    if (last_.messages.empty()) return seen;
    EXPECT_TRUE(found.ParseFromString(last_.messages[0]));
    seen.shown = static_cast<size_t>(found.members_size());
    seen.more = !found.next_page_token().empty();
    return seen;
  }
  Seen AskOnStream(const std::vector<Search>& batch) {
    v1::LookupRequest request;
    for (const Search& search : batch) {
      *request.add_queries()->mutable_search() = search;
    }
    Seen seen = Ask(method::kLookup, request.SerializeAsString());
    // Answers of a batch may come in one message or in several.
    size_t bytes = 0;
    for (const std::string& message : last_.messages) {
      v1::LookupResponse response;
      EXPECT_TRUE(response.ParseFromString(message));
      for (const v1::LookupAnswer& one : response.answers()) {
        bytes += one.ByteSizeLong();
        seen.shown += static_cast<size_t>(one.search().members_size());
      }
    }
    seen.sizes = {bytes};
    std::sort(seen.ledger.begin(), seen.ledger.end());
    return seen;
  }

  std::vector<Seen> AskAll() {
    std::vector<Seen> all;
    for (const Search& search : Questions()) {
      all.push_back(AskAlone(search));
      all.push_back(AskOnStream({search}));
    }
    all.push_back(AskOnStream(Questions()));
    return all;
  }

  TestChapter chapter_;
  TestServer server_{chapter_};
  std::shared_ptr<grpc::Channel> channel_;
  std::shared_ptr<grpc::Channel> admin_;
  Answer last_;
};

TEST_F(SearchAbsenceTest, AnswersAreAlikeBeforeAndAfterHiddenMembersAreThere) {
  const std::vector<Seen> without = AskAll();
  AddHidden();
  const std::vector<Seen> with = AskAll();
  ASSERT_EQ(with.size(), without.size());
  for (size_t i = 0; i < with.size(); ++i) {
    EXPECT_EQ(with[i], without[i]) << "question " << i;
  }
  // The control: who may see them does, in the same bytes of a question.
  v1::SearchMembersResponse found;
  const Answer answer = CallWith(admin_, method::kSearchMembers,
                                 {ByWords({"zelda"}).SerializeAsString()});
  ASSERT_TRUE(found.ParseFromString(answer.messages.at(0)));
  EXPECT_EQ(found.members_size(), 8);
}

// Page after page, in one order or another: as many, and as large.
TEST_F(SearchAbsenceTest, PagesAreAlike) {
  const auto walk = [&] {
    Search search = ByWords({"quill"});
    search.set_page_size(1);
    size_t pages = 0;
    do {
      v1::SearchMembersResponse found;
      (void)AskAlone(search);
      EXPECT_TRUE(found.ParseFromString(last_.messages.at(0)));
      EXPECT_EQ(found.members_size(), 1);
      search.set_page_token(found.next_page_token());
      ++pages;
    } while (!search.page_token().empty());
    return pages;
  };
  EXPECT_EQ(walk(), 3u);
  AddHidden();
  EXPECT_EQ(walk(), 3u);
}

}  // namespace
}  // namespace sodality::rpc
