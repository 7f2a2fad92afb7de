// The files of root keys, in memory.
#ifndef SODALITY_TESTS_CORE_ACCESS_FAKE_ROOTS_H_
#define SODALITY_TESTS_CORE_ACCESS_FAKE_ROOTS_H_

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <utility>

#include "server/core/error.h"
#include "server/core/keys/root_exchange.h"

namespace sodality::core {

// Root keys by number: the files hold them, and the keyring is for some.
class FakeRoots final : public RootExchange {
 public:
  enum class Fault { kNone, kRefused, kUnknown };
  using StoringFile = std::function<absl::Status(const crypto::Keyring&)>;

  explicit FakeRoots(StoringFile store) : store_(std::move(store)) {}

  // A start, by what lies in the old one's place; false when it opens nothing.
  bool Begin() {
    known_ = file_;
    opened_ = in_place_;
    return file_.contains(in_place_);
  }
  // The n-th change from now on.
  void FailAt(int nth, Fault fault) {
    changes_ = 0;
    fail_at_ = nth;
    fault_ = fault;
  }
  int changes() const { return changes_; }
  void Lose() { beside_ = 0; }
  bool has_place = true;
  const std::set<int>& file() const { return file_; }
  int in_place() const { return in_place_; }

  absl::Status CheckPlace() const override {
    return has_place ? absl::OkStatus()
                     : MakeError(absl::StatusCode::kFailedPrecondition, "none",
                                 {.reason = Reason::kNoRootKeyFile});
  }
  absl::StatusOr<RootsFound> Look() override {
    if (known_.size() == 1) return RootsFound::kOne;
    const int last = *known_.rbegin();
    return opened_ == last || beside_ == last || in_place_ == last
               ? RootsFound::kBoth
               : RootsFound::kNewLost;
  }
  absl::Status MakeNew() override {
    return Do([this] { beside_ = ++made_; });
  }
  absl::Status PutInPlace() override {
    return Do([this] {
      if (beside_ != 0) in_place_ = std::exchange(beside_, 0);
    });
  }
  absl::Status Store(const crypto::Keyring& keyring,
                     SealedFor sealed_for) override {
    std::set<int> roots = {opened_};
    if (sealed_for == SealedFor::kBoth) roots.insert(beside_);
    if (sealed_for == SealedFor::kNew) roots = {*known_.rbegin()};
    const absl::Status done = Do([&] {
      file_ = roots;
      EXPECT_TRUE(store_(keyring).ok());
    });
    if (done.ok()) {
      known_ = roots;
      if (sealed_for == SealedFor::kNew) opened_ = *roots.rbegin();
    }
    // Whatever was written, the next start finds a key that opens it.
    EXPECT_TRUE(file_.contains(in_place_));
    return done;
  }

 private:
  template <class Change>
  absl::Status Do(const Change& change) {
    const bool fails = ++changes_ == fail_at_;
    if (!fails || fault_ == Fault::kUnknown) change();
    return fails ? absl::UnavailableError("it failed") : absl::OkStatus();
  }

  const StoringFile store_;
  std::set<int> file_ = {1};  // Which open the keyring.
  std::set<int> known_ = {1};
  int opened_ = 1;
  int in_place_ = 1;
  int beside_ = 0;
  int made_ = 1;
  int changes_ = 0;
  int fail_at_ = 0;
  Fault fault_ = Fault::kNone;
};

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CORE_ACCESS_FAKE_ROOTS_H_
