// A whole request of every method, so that nothing but the access decides what
// it is answered.
#ifndef SODALITY_TESTS_RPC_WHOLE_REQUESTS_H_
#define SODALITY_TESTS_RPC_WHOLE_REQUESTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "tests/rpc/chapter_fixture.h"

namespace sodality::rpc {

// Targets that an act would take away are not there; `member` is looked at and
// edited. Lifetime: borrows the chapter.
class WholeRequests final {
 public:
  using Messages = std::vector<std::string>;  // Of one call, serialised.

  WholeRequests(TestChapter& chapter, const core::MemberId& member)
      : chapter_(chapter), member_(member) {}

  // With ids and names that no request before had.
  Messages Of(std::string_view method);

 private:
  // Each of its own kind alone, else none.
  Messages Look(std::string_view method) const;
  Messages Write(std::string_view method);
  Messages Access(std::string_view method);
  std::string NewId();

  TestChapter& chapter_;
  const core::MemberId member_;
  int invited_ = 0;
};

}  // namespace sodality::rpc

#endif  // SODALITY_TESTS_RPC_WHOLE_REQUESTS_H_
