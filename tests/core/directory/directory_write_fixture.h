// A chapter with one member and a coordinator who writes.
#ifndef SODALITY_TESTS_CORE_DIRECTORY_DIRECTORY_WRITE_FIXTURE_H_
#define SODALITY_TESTS_CORE_DIRECTORY_DIRECTORY_WRITE_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>

#include "tests/core/directory/directory_fixture.h"

namespace sodality::core {

class DirectoryWriteFixture : public DirectoryFixture {
 protected:
  CreateInput New(const Cells& cells) {
    return {Inputs(cells), std::nullopt, chapter_.NewRequest()};
  }
  UpdateInput Edit(const Cells& cells, uint64_t revision = 0) {
    UpdateInput input;
    input.revision = revision;
    input.fields = Inputs(cells);
    for (const auto& [name, values] : cells) input.mask.push_back(name);
    input.request = chapter_.NewRequest();
    return input;
  }
  absl::StatusOr<MemberVersion> Create(const Cells& cells) {
    return chapter_.directory.Create(coordinator_, New(cells));
  }
  absl::StatusOr<MemberVersion> Update(const MemberId& id,
                                       const UpdateInput& input) {
    return chapter_.directory.Update(coordinator_, id, std::nullopt, input);
  }
  absl::Status Erase(const Caller& caller, const MemberId& id) {
    return chapter_.directory.Erase(caller, id, std::nullopt,
                                    chapter_.NewRequest());
  }
  Shown Whole(const MemberId& id) {
    const auto member = chapter_.Get(
        chapter_.owner, {id, std::nullopt, {.reveal = true, .fields = {}}});
    EXPECT_TRUE(member.ok()) << member.status();
    return member.ok() ? ShownIn(*member) : Shown();
  }
  uint64_t Members() { return chapter_.store.Counts()->members; }

  const MemberId maria_ = chapter_.Add({{"given_name", {"Maria"}},
                                        {"phone", {"212 555 0123"}},
                                        {"region", {"Bronx"}},
                                        {"external_id", {"M1"}}});
};

}  // namespace sodality::core

#endif  // SODALITY_TESTS_CORE_DIRECTORY_DIRECTORY_WRITE_FIXTURE_H_
