// A root key that is replaced without any file, or that gets lost.
#ifndef SODALITY_TESTS_RPC_TEST_ROOTS_H_
#define SODALITY_TESTS_RPC_TEST_ROOTS_H_

#include "server/core/keys/root_exchange.h"

namespace sodality::rpc {

class TestRoots final : public core::RootExchange {
 public:
  bool lost = false;

  absl::Status CheckPlace() const override { return absl::OkStatus(); }
  absl::StatusOr<core::RootsFound> Look() override {
    if (!both_) return core::RootsFound::kOne;
    return lost ? core::RootsFound::kNewLost : core::RootsFound::kBoth;
  }
  absl::Status MakeNew() override { return absl::OkStatus(); }
  absl::Status PutInPlace() override { return absl::OkStatus(); }
  absl::Status Store(const crypto::Keyring&,
                     core::SealedFor sealed_for) override {
    both_ = sealed_for == core::SealedFor::kBoth;
    return absl::OkStatus();
  }

 private:
  bool both_ = false;
};

}  // namespace sodality::rpc

#endif  // SODALITY_TESTS_RPC_TEST_ROOTS_H_
