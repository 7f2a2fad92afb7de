#include "crypto/record.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/crypto/record_fixture.h"

namespace sodality::crypto {
namespace {

class RecordTest : public RecordFixture {};

TEST_F(RecordTest, GivesBackEveryField) {
  const Record bytes = Seal(values_);
  EXPECT_EQ(OpenField(bytes, 2).value(), "Nour");
  EXPECT_EQ(OpenField(bytes, 9).value(), "nour@example.org");
}

TEST_F(RecordTest, ListsFieldsWithoutOpeningThem) {
  const Record bytes = Seal({{9, "b"}, {2, "a"}, {300, "c"}});
  const auto reader = Open(bytes);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader->field_ids(), (std::vector<uint16_t>{2, 9, 300}));
  EXPECT_TRUE(reader->Has(300));
  EXPECT_FALSE(reader->Has(3));
  EXPECT_TRUE(absl::IsNotFound(reader->OpenField(3).status()));
}

TEST_F(RecordTest, AnEmptyRecordAndAnEmptyValueAreValid) {
  const Record none = Seal(Values{});
  ASSERT_TRUE(Open(none).ok());
  EXPECT_TRUE(Open(none)->field_ids().empty());
  EXPECT_EQ(OpenField(Seal({{1, ""}}), 1).value(), "");
}

TEST_F(RecordTest, NamesItsWrapKeyVersion) {
  EXPECT_EQ(SealedRecord::Parse(Seal(values_))->wrap_key_version(), 7u);
}

TEST_F(RecordTest, AFieldCostsFortySixBytesBeyondItsBucket) {
  const size_t empty = Seal(Values{}).size();
  EXPECT_EQ(Seal({{1, "short"}}).size(), empty + 46 + 16);
  EXPECT_EQ(Seal({{1, std::string(100, 'x')}}).size(), empty + 46 + 128);
}

TEST_F(RecordTest, ValuesOfOneBucketHaveOneSize) {
  EXPECT_EQ(Seal({{1, "Bo"}}).size(), Seal({{1, "Bartholomew"}}).size());
}

TEST_F(RecordTest, TwoSealingsOfTheSameMemberShareNothing) {
  const Record one = Seal(values_);
  const Record two = Seal(values_);
  ASSERT_EQ(one.size(), two.size());
  size_t same = 0;
  for (size_t i = 8; i < one.size(); ++i) same += one[i] == two[i] ? 1 : 0;
  // Two field headers are equal; of random bytes one in 256 is by chance.
  EXPECT_LT(same, 12u + 16u);
}

TEST_F(RecordTest, RefusesTwoValuesForOneFieldNamingIt) {
  const Plaintext value = SecretText("secret value");
  const FieldToSeal fields[] = {{5, &value}, {4, &value}, {5, &value}};
  const auto status =
      SealRecord(context_, {7, wrap_}, fields, random_).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(), "field 5 is given twice");
}

TEST_F(RecordTest, RefusesAValueAboveTheLimitNamingTheFieldOnly) {
  const Plaintext value = Plaintext::OfSize(kMaxFieldSize + 1);
  const FieldToSeal field{5, &value};
  const auto status =
      SealRecord(context_, {7, wrap_}, std::span(&field, 1), random_).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(), "field 5 is larger than 1048576 bytes");
}

TEST_F(RecordTest, RefusesTooManyFields) {
  const Plaintext value = SecretText("v");
  std::vector<FieldToSeal> fields;
  for (size_t i = 0; i <= kMaxFields; ++i) {
    fields.push_back({static_cast<uint16_t>(i), &value});
  }
  EXPECT_TRUE(absl::IsInvalidArgument(
      SealRecord(context_, {7, wrap_}, fields, random_).status()));
  fields.pop_back();
  const auto bytes = SealRecord(context_, {7, wrap_}, fields, random_);
  ASSERT_TRUE(bytes.ok());
  EXPECT_EQ(Open(*bytes)->field_ids().size(), kMaxFields);
}

TEST_F(RecordTest, RewrapChangesOnlyTheWrappedKey) {
  const Record old = Seal(values_);
  const WrapKey fresh = WrapKey::Generate(random_);
  const auto rewrapped =
      SealedRecord::Parse(old)->Rewrap(wrap_, {8, fresh}, context_, random_);
  ASSERT_TRUE(rewrapped.ok());
  ASSERT_EQ(rewrapped->size(), old.size());
  constexpr size_t kFieldsStart = 8 + 24 + 48 + 32;
  EXPECT_TRUE(std::equal(old.begin() + kFieldsStart, old.end(),
                         rewrapped->begin() + kFieldsStart));
  EXPECT_EQ(SealedRecord::Parse(*rewrapped)->wrap_key_version(), 8u);
  const auto reader = Open(*rewrapped, fresh, context_);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(Reveal(*reader->OpenField(2)), "Nour");
  EXPECT_TRUE(absl::IsDataLoss(Open(*rewrapped).status()));
}

TEST_F(RecordTest, ResealLeavesNothingOfTheOldRecordKey) {
  const Record old = Seal(values_);
  const WrapKey fresh = WrapKey::Generate(random_);
  const auto resealed =
      SealedRecord::Parse(old)->Reseal(wrap_, {8, fresh}, context_, random_);
  ASSERT_TRUE(resealed.ok());
  EXPECT_EQ(resealed->size(), old.size());
  EXPECT_EQ(SealedRecord::Parse(*resealed)->wrap_key_version(), 8u);
  const auto reader = Open(*resealed, fresh, context_);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader->field_ids(), Open(old)->field_ids());
  EXPECT_EQ(Reveal(*reader->OpenField(2)), "Nour");
  // The old fields under the new prefix are another record's: the record key
  // is another.
  Record mixed = *resealed;
  constexpr size_t kFieldsStart = 8 + 24 + 48 + 32;
  std::copy(old.begin() + kFieldsStart, old.end(),
            mixed.begin() + kFieldsStart);
  const auto spliced = Open(mixed, fresh, context_);
  ASSERT_TRUE(spliced.ok());  // The same list of fields.
  EXPECT_TRUE(absl::IsDataLoss(spliced->OpenField(2).status()));
}

TEST_F(RecordTest, ResealNeedsTheRightKeyAndEveryField) {
  Record bytes = Seal(values_);
  const WrapKey other = WrapKey::Generate(random_);
  EXPECT_TRUE(
      absl::IsDataLoss(SealedRecord::Parse(bytes)
                           ->Reseal(other, {8, other}, context_, random_)
                           .status()));
  bytes.back() ^= 1;
  EXPECT_TRUE(
      absl::IsDataLoss(SealedRecord::Parse(bytes)
                           ->Reseal(wrap_, {8, other}, context_, random_)
                           .status()));
}

TEST_F(RecordTest, RewrapNeedsTheRightKeyAndContext) {
  const Record bytes = Seal(values_);
  const auto record = SealedRecord::Parse(bytes);
  const WrapKey other = WrapKey::Generate(random_);
  EXPECT_TRUE(absl::IsDataLoss(
      record->Rewrap(other, {8, other}, context_, random_).status()));
  RecordContext moved = context_;
  moved.revision = 4;
  EXPECT_TRUE(absl::IsDataLoss(
      record->Rewrap(wrap_, {8, other}, moved, random_).status()));
}

RC_GTEST_FIXTURE_PROP(RecordTest, GivesBackAnyFields,
                      (const std::map<uint16_t, std::string>& fields)) {
  const Record bytes = Seal(Values(fields.begin(), fields.end()));
  const auto reader = Open(bytes);
  RC_ASSERT(reader.ok());
  RC_ASSERT(reader->field_ids().size() == fields.size());
  for (const auto& [id, text] : fields) {
    RC_ASSERT(Reveal(*reader->OpenField(id)) == text);
  }
}

}  // namespace
}  // namespace sodality::crypto
