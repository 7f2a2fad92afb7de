// Control for the canary test: prints all values that the store in a data
// folder keeps of members and people, which takes the root key. For a copy of a
// folder whose server is down; no ledger entry is made.
//
// open_store DATA ROOT_KEY
#include <iostream>
#include <string>

#include "crypto/root_key.h"
#include "platform/file.h"
#include "server/app/public_state.h"
#include "server/app/unsealing.h"
#include "server/core/members.h"

namespace {

using sodality::core::Chapter;

absl::Status PrintMember(const sodality::core::Members& members,
                         const sodality::store::MemberId& id) {
  const auto found = members.Find(id, nullptr);
  if (!found.ok()) return found.status();
  if (!*found) return absl::NotFoundError("a member has gone");
  const auto member = (*found)->All();
  if (!member.ok()) return member.status();
  for (const auto& field : member->fields) {
    for (const std::string_view value : field.values.views()) {
      std::cout << value << '\n';
    }
  }
  return absl::OkStatus();
}

absl::Status PrintMembers(Chapter& chapter) {
  const auto members =
      sodality::core::Members::Create(chapter.directory_parts());
  if (!members.ok()) return members.status();
  std::optional<sodality::store::MemberId> after;
  while (true) {
    const auto page = chapter.store().ListMembers(after, 100);
    if (!page.ok()) return page.status();
    if (page->empty()) return absl::OkStatus();
    for (const auto& [id, revision] : *page) {
      const absl::Status printed = PrintMember(*members, id);
      if (!printed.ok()) return printed;
      after = id;
    }
  }
}

absl::Status PrintAll(const std::string& data, const std::string& root_key) {
  const auto state =
      sodality::app::LoadPublicState(sodality::app::DataFolder(data));
  if (!state.ok()) return state.status();
  const auto root = sodality::crypto::LoadRootKeyFile(
      sodality::platform::PosixFileSystem(), root_key);
  if (!root.ok()) return root.status();
  const auto chapter = sodality::app::OpenChapter(*state, *root);
  if (!chapter.ok()) return chapter.status();
  for (const auto& principal : (*chapter)->access().principals()) {
    std::cout << principal->name << '\n';
  }
  for (const auto& grant : (*chapter)->access().grants()) {
    std::cout << grant->purpose << '\n';
  }
  return PrintMembers(**chapter);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: open_store DATA ROOT_KEY\n";
    return 2;
  }
  const absl::Status printed = PrintAll(argv[1], argv[2]);
  if (!printed.ok()) std::cerr << printed << '\n';
  return printed.ok() ? 0 : 1;
}
