// What is signed: one act is one row of bytes, and one row of bytes one act.
#include "crypto/act.h"

#include <gtest/gtest.h>

#include "crypto/signing.h"

namespace sodality::crypto {
namespace {

ActForm Example() {
  ActForm act;
  act.chapter = {1};
  act.id = {2};
  act.content = EncodeTrim({KeyKind::kWrap, 3, {{4}, {5}}});
  act.proposer = {6};
  act.created = {1'790'000'000'000};
  act.expires = act.created + kActLife;
  return act;
}

TEST(ActTest, AnActIsReadAsItWasWritten) {
  const ActForm act = Example();
  const auto bytes = EncodeAct(act);
  const auto read = DecodeAct(bytes);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->chapter, act.chapter);
  EXPECT_EQ(read->id, act.id);
  EXPECT_EQ(read->proposer, act.proposer);
  EXPECT_EQ(read->created, act.created);
  EXPECT_EQ(read->expires, act.expires);
  EXPECT_EQ(EncodeAct(*read), bytes);
  const auto order = DecodeTrim(read->content);
  ASSERT_TRUE(order.ok());
  EXPECT_EQ(order->kind, KeyKind::kWrap);
  EXPECT_EQ(order->below, 3u);
  EXPECT_EQ(order->destroyed.size(), 2u);
}

TEST(ActTest, NothingShorterLongerOrOtherIsRead) {
  const auto bytes = EncodeAct(Example());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeAct(std::span(bytes).first(size)).ok()) << size;
  }
  auto longer = bytes;
  longer.push_back(0);
  EXPECT_TRUE(absl::IsInvalidArgument(DecodeAct(longer).status()));
  for (size_t i = 0; i < 4 + 14; ++i) {
    auto other = bytes;
    other[i] ^= 1;
    EXPECT_FALSE(DecodeAct(other).ok()) << i;
  }
  ActForm newer = Example();
  newer.kind = ActKind{2};
  EXPECT_TRUE(absl::IsFailedPrecondition(DecodeAct(EncodeAct(newer)).status()));
  ActForm large = Example();
  large.content.resize(kMaxActBytes);
  EXPECT_FALSE(DecodeAct(EncodeAct(large)).ok());
}

TEST(ActTest, EveryPartIsSigned) {
  const ApprovalKey key = ApprovalKey::Generate(SystemRandom());
  const Signer signer(key);
  const Signature signature = signer.Sign(EncodeAct(Example()));
  const auto holds = [&](auto change) {
    ActForm act = Example();
    change(act);
    return VerifySignature(signer.public_key(), EncodeAct(act), signature);
  };
  EXPECT_TRUE(holds([](ActForm&) {}));
  EXPECT_FALSE(holds([](ActForm& act) { act.chapter[15] = 1; }));
  EXPECT_FALSE(holds([](ActForm& act) { act.incarnation[15] = 1; }));
  EXPECT_FALSE(holds([](ActForm& act) { act.id[15] = 1; }));
  EXPECT_FALSE(holds([](ActForm& act) { act.kind = ActKind{2}; }));
  EXPECT_FALSE(holds([](ActForm& act) { act.content[1] ^= 1; }));
  EXPECT_FALSE(holds([](ActForm& act) { act.proposer[15] = 1; }));
  EXPECT_FALSE(holds([](ActForm& act) { act.created.millis ^= 1; }));
  EXPECT_FALSE(holds([](ActForm& act) { act.expires.millis ^= 1; }));
}

TEST(ActTest, ATrimNamesEachBackupOnceAndInOrder) {
  const auto reads = [](std::vector<Bytes16> ids) {
    return DecodeTrim(EncodeTrim({KeyKind::kWrap, 2, std::move(ids)})).ok();
  };
  EXPECT_TRUE(reads({}));
  EXPECT_TRUE(reads({{1}, {2}}));
  EXPECT_FALSE(reads({{2}, {1}}));
  EXPECT_FALSE(reads({{1}, {1}}));
  std::vector<Bytes16> many(TrimOrder::kMostBackups + 1);
  for (size_t i = 0; i < many.size(); ++i) many[i][0] = uint8_t(i);
  EXPECT_FALSE(reads(many));
  many.pop_back();
  EXPECT_TRUE(reads(many));
  EXPECT_FALSE(DecodeTrim({}).ok());
}

}  // namespace
}  // namespace sodality::crypto
