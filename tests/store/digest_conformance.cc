// Over what a store has the digest row sealed, and when.
#include <gmock/gmock.h>

#include <span>
#include <string>
#include <vector>

#include "tests/store/conformance.h"
#include "tests/store/sample.h"

namespace sodality::store {
namespace {

using absl::StatusCode;
using testing::SizeIs;

// Remembers what it was told and seals a count.
class RecordingSealer final : public DigestSealer {
 public:
  absl::StatusOr<Bytes> SealAfter(std::span<const RowChange> changes,
                                  Revision revision) override {
    pending_.assign(changes.begin(), changes.end());
    revision_ = revision;
    ++open_;
    if (refuse) return absl::UnavailableError("no key");
    return BytesOf("digest " + std::to_string(revision));
  }
  void Resolve(bool committed) override {
    --open_;
    if (committed) {
      kept.insert(kept.end(), pending_.begin(), pending_.end());
      last = revision_;
    } else {
      ++forgotten;
    }
  }

  [[nodiscard]] int open() const { return open_; }

  bool refuse = false;
  std::vector<RowChange> kept;
  Revision last = 0;
  int forgotten = 0;

 private:
  std::vector<RowChange> pending_;
  Revision revision_ = 0;
  int open_ = 0;
};

TEST_P(StoreConformance, TheDigestIsSealedOverWhatIsCommitted) {
  RecordingSealer sealer;
  store_->SetDigestSealer(sealer);
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0))).ok());
  EXPECT_EQ(store_->ReadDigest().value(), BytesOf("digest 1"));
  Write write = WriteOf(PutOf(1, 1));
  write.put_rows = {{AccessTable::kGrants, IdOf<GrantId>(1).bytes, 0, {1}}};
  ASSERT_TRUE(Apply(*store_, write).ok());
  EXPECT_FALSE(Apply(*store_, WriteOf(PutOf(1, 1))).ok());
  ASSERT_TRUE(Apply(*store_, WriteOf(EraseMember{MemberOf(1), 2})).ok());
  EXPECT_EQ(store_->ReadDigest().value(), BytesOf("digest 3"));
  store_.reset();

  EXPECT_EQ(sealer.last, 3u);
  EXPECT_EQ(sealer.open(), 0);
  ASSERT_THAT(sealer.kept, SizeIs(4));
  const auto& changes = sealer.kept;
  EXPECT_EQ(changes[0].id, MemberOf(1).bytes);
  EXPECT_EQ(changes[0].old_version, 0u);
  EXPECT_EQ(changes[0].new_version, 1u);
  EXPECT_EQ(changes[1].table, 0);
  EXPECT_EQ(changes[1].new_version, 2u);
  EXPECT_EQ(changes[2].table, static_cast<uint8_t>(AccessTable::kGrants));
  EXPECT_EQ(changes[3].old_version, 2u);
  EXPECT_EQ(changes[3].new_version, 0u);
}

TEST_P(StoreConformance, AFailingSealerFailsTheWriteAndNothingElse) {
  RecordingSealer sealer;
  store_->SetDigestSealer(sealer);
  ASSERT_TRUE(Apply(*store_, WriteOf(PutOf(1, 0))).ok());
  sealer.refuse = true;
  EXPECT_FALSE(Apply(*store_, WriteOf(PutOf(2, 0))).ok());
  EXPECT_EQ(store_->Get(MemberOf(2)).status().code(), StatusCode::kNotFound);
  EXPECT_EQ(store_->LastRevision().value(), 1u);
  sealer.refuse = false;
  EXPECT_EQ(Apply(*store_, WriteOf(PutOf(2, 0))).value(), 2u);
  store_.reset();
  EXPECT_EQ(sealer.forgotten, 1);
  EXPECT_EQ(sealer.open(), 0);
  EXPECT_THAT(sealer.kept, SizeIs(2));
}

}  // namespace
}  // namespace sodality::store
