// What every MemberStore does. A store's test links the *conformance.cc here
// and instantiates the suite with a way to open that store.
#ifndef SODALITY_TESTS_STORE_CONFORMANCE_H_
#define SODALITY_TESTS_STORE_CONFORMANCE_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "server/store/member_store.h"
#include "tests/scratch.h"

namespace sodality::store {

struct StoreKind {
  std::string name;
  // An empty store; `folder` is there, empty, and outlives it.
  std::function<std::unique_ptr<MemberStore>(const std::string& folder)> open;
};

class StoreConformance : public testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override {
    store_ = GetParam().open(scratch_.path());
    ASSERT_NE(store_, nullptr);
  }

  Scratch scratch_{Scratch::On::kMemory};
  std::unique_ptr<MemberStore> store_;
};

inline absl::StatusCode CodeOf(const absl::StatusOr<Revision>& answer) {
  return answer.status().code();
}

}  // namespace sodality::store

#endif  // SODALITY_TESTS_STORE_CONFORMANCE_H_
