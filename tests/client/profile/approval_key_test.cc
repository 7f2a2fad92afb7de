#include "client/profile/approval_key.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "client/include/sodality/error_info.h"
#include "tests/client/profile/enrolment.h"

namespace sodality {
namespace {

class ApprovalKeyTest : public testing::Test {
 protected:
  Profile Joined(const KeyProtection& protection) {
    EXPECT_TRUE(Join(folder_, protection).ok());
    return Profile::Load(folder_).value();
  }
  const Scratch scratch_;
  const std::string folder_ = scratch_ / "profile";
  const std::string path_ = folder_ + "/approval.key";
};

TEST_F(ApprovalKeyTest, IsMadeOnceAndIsNobodyElses) {
  const Profile profile = Joined(Plain());
  const auto made = OpenApprovalKey(profile, MustNotAsk());
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(ModeOf(path_), 0600u);
  const auto again = OpenApprovalKey(profile, MustNotAsk());
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->Equals(*made));
  EXPECT_TRUE(
      absl::IsAlreadyExists(MakeApprovalKey(profile, Plain()).status()));
}

TEST_F(ApprovalKeyTest, LiesUnderThePassphraseOfTheDevicesKey) {
  const Profile profile = Joined(WithPassphrase("quern"));
  const auto wrong = OpenApprovalKey(profile, Says("other"));
  EXPECT_TRUE(absl::IsPermissionDenied(wrong.status())) << wrong.status();
  EXPECT_FALSE(std::filesystem::exists(path_));
  const auto made = MakeApprovalKey(profile, WithPassphrase("quern"));
  ASSERT_TRUE(made.ok()) << made.status();
  const auto opened = OpenApprovalKey(profile, Says("quern"));
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_TRUE(opened->Equals(*made));
  const auto denied = OpenApprovalKey(profile, Says("other"));
  EXPECT_EQ(GetErrorInfo(denied.status()).reason, "WRONG_PASSPHRASE");
}

TEST_F(ApprovalKeyTest, ADamagedOneIsNotExchanged) {
  const Profile profile = Joined(Plain());
  ASSERT_TRUE(OpenApprovalKey(profile, MustNotAsk()).ok());
  for (const char* content :
       {"sodality-approval-key-1\n", "sodality-approval-key-1\nshort"}) {
    WriteAll(path_, content);
    EXPECT_TRUE(
        absl::IsDataLoss(OpenApprovalKey(profile, MustNotAsk()).status()));
  }
  WriteAll(path_, "x");
  EXPECT_FALSE(OpenApprovalKey(profile, Says("quern")).ok());
  std::filesystem::permissions(path_, std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  EXPECT_TRUE(absl::IsFailedPrecondition(
      OpenApprovalKey(profile, MustNotAsk()).status()));
}

}  // namespace
}  // namespace sodality
