#include "server/core/search_index.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "crypto/random.h"
#include "text/normalise.h"

namespace sodality::core {
namespace {

FieldValue Of(const Schema& schema, std::string_view field,
              std::vector<std::string_view> values) {
  return {schema.Find(field)->id, ValueList::Encode(values)};
}

// Members that share values, and one value in two fields.
std::vector<std::vector<FieldValue>> SomeMembers(const Schema& schema) {
  std::vector<std::vector<FieldValue>> members;
  for (const std::string_view family :
       {"Lovelace", "Ada", "李", "de la Cruz"}) {
    for (const std::string_view region : {"North", "Ada"}) {
      std::vector<FieldValue> fields;
      fields.push_back(Of(schema, "given_name", {"Ada"}));
      fields.push_back(Of(schema, "family_name", {family}));
      fields.push_back(
          Of(schema, "email", {"ada@example.org", "a@example.org"}));
      fields.push_back(Of(schema, "region", {region}));
      fields.push_back(Of(schema, "skills", {"design", region}));
      members.push_back(std::move(fields));
    }
  }
  return members;
}

TEST(SearchIndexTest, AKeyringOfAnotherNormaliserIsRefused) {
  const auto schema = *Schema::Parse(Schema::DefaultToml(), "schema.toml");
  const auto keyring =
      crypto::Keyring::Create({{9}, {9999, 8, 8}, {}}, crypto::SystemRandom());
  EXPECT_TRUE(absl::IsFailedPrecondition(
      SearchIndex::Create(schema, keyring).status()));
}

// Two versions in turn, as while the key is rotated.
TEST(SearchIndexTest, AMemoIsOfOneVersionAtATime) {
  const auto schema = *Schema::Parse(Schema::DefaultToml(), "schema.toml");
  auto keyring = crypto::Keyring::Create(
      {{9}, {text::kNormaliserVersion, 32, 32}, {}}, crypto::SystemRandom());
  keyring.RotateIndex({text::kNormaliserVersion, 31, 31}, {},
                      crypto::SystemRandom());
  const auto older = SearchIndex::Create(schema, keyring, {1, std::nullopt});
  const auto newer = SearchIndex::Create(schema, keyring, {2, 1});
  ASSERT_TRUE(older.ok() && newer.ok());
  TokenMemo memo(crypto::SystemRandom());
  for (const auto& fields : SomeMembers(schema)) {
    const auto first = *older->TokensOf(fields, &memo);
    const auto second = *newer->TokensOf(fields, &memo);
    EXPECT_EQ(first, *older->TokensOf(fields));
    EXPECT_EQ(second, *newer->TokensOf(fields));
    EXPECT_EQ(first.front().index_version, 1u);
    EXPECT_EQ(second.back().index_version, 2u);
    EXPECT_EQ(second.front().index_version, 2u);
  }
  // Questions are of both.
  const FieldSpec& region = *schema.Find("region");
  EXPECT_EQ(newer->Exact(region, "queens")->size(), 2u);
  EXPECT_EQ(newer->ExactSlots(region).size(), 2u);
}

TEST(SearchIndexTest, AChapterOutgrowsItsIndexAtBothEnds) {
  const auto plan = PlanIndex(10'000);
  EXPECT_FALSE(IsOutgrown(plan, 10'000));
  EXPECT_FALSE(IsOutgrown(plan, 20'000));
  EXPECT_FALSE(IsOutgrown(plan, 32'000));  // Under 8 false matches.
  EXPECT_TRUE(IsOutgrown(plan, 33'000));
  EXPECT_FALSE(IsOutgrown(plan, 8'200));
  EXPECT_TRUE(IsOutgrown(plan, 8'100));  // Under 2.
  // What is planned anew fits, whatever the size.
  for (uint64_t members = 1; members < 10'000'000; members += members / 3 + 1) {
    EXPECT_FALSE(IsOutgrown(PlanIndex(members), members)) << members;
  }
}

TEST(SearchIndexTest, AMemoChangesNoToken) {
  const auto schema = *Schema::Parse(Schema::DefaultToml(), "schema.toml");
  const auto keyring = crypto::Keyring::Create(
      {.chapter_id = {9},
       .index = {.normaliser_version = text::kNormaliserVersion,
                 .exact_bits = 32,
                 .word_bits = 32},
       .now = {}},
      crypto::SystemRandom());
  const auto index = SearchIndex::Create(schema, keyring);
  ASSERT_TRUE(index.ok()) << index.status();
  TokenMemo memo(crypto::SystemRandom());
  for (int round = 0; round < 2; ++round) {
    for (const auto& fields : SomeMembers(schema)) {
      const auto alone = index->TokensOf(fields);
      const auto remembered = index->TokensOf(fields, &memo);
      ASSERT_TRUE(alone.ok() && remembered.ok());
      EXPECT_GT(alone->size(), 5u);
      EXPECT_EQ(*alone, *remembered);
    }
  }
}

}  // namespace
}  // namespace sodality::core
