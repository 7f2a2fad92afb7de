// Control for the canary test: the name and the bytes of every key of a data
// folder whose server is down, one a line, in hexadecimal: the root key, those
// of the keyring, and each member's record key and ledger key.
//
// open_keys DATA ROOT_KEY
#include <iostream>
#include <span>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "crypto/record_layout.h"
#include "crypto/root_key.h"
#include "platform/file.h"
#include "server/app/public_state.h"
#include "server/app/unsealing.h"
#include "server/core/members.h"

namespace {

using namespace sodality;

void Print(std::string_view name, std::span<const uint8_t> key) {
  std::cout << name << ' '
            << absl::BytesToHexString(
                   {reinterpret_cast<const char*>(key.data()), key.size()})
            << '\n';
}

template <class K>
void PrintKey(std::string_view name, const K& key) {
  Print(name, key.Expose(crypto::AllowSecretAccess()));
}

template <class K>
absl::Status PrintActive(const crypto::Keyring& keyring) {
  const auto active = keyring.Active<K>();
  if (!active.ok()) return active.status();
  if constexpr (crypto::KindOf<K>() == crypto::KeyKind::kCa) {
    PrintKey("ca", active->key.pkcs8);
  } else {
    PrintKey(crypto::KeyKindName(crypto::KindOf<K>()), active->key);
  }
  return absl::OkStatus();
}

template <class... K>
absl::Status PrintEach(const crypto::Keyring& keyring) {
  absl::Status status;
  (status.Update(PrintActive<K>(keyring)), ...);
  return status;
}

// What the first 80 bytes of a record wrap (docs/formats.md section 2).
absl::Status PrintRecordKey(const store::MemberRecord& record,
                            const crypto::Keyring& keyring) {
  const auto wrap = keyring.Active<crypto::WrapKey>();
  if (!wrap.ok()) return wrap.status();
  const crypto::RecordContext context{keyring.chapter_id(), record.id.bytes,
                                      record.revision};
  const std::span<const uint8_t> bytes(record.sealed);
  const auto nonce =
      bytes.subspan(crypto::kRecordHeaderSize).first<crypto::kNonceSize>();
  const auto box = bytes.subspan(crypto::kRecordHeaderSize + crypto::kNonceSize,
                                 crypto::kRecordBoxSize);
  std::array<uint8_t, crypto::RecordKey::kSize> key{};
  if (!crypto::AeadOpen(wrap->key.Expose(crypto::AllowSecretAccess()), nonce,
                        crypto::BoxBinding({context, wrap->version, {}}), box,
                        key)) {
    return absl::DataLossError("a record does not open");
  }
  Print("record", key);
  return absl::OkStatus();
}

absl::Status PrintMember(core::Chapter& chapter, const core::Members& members,
                         const store::MemberId& id) {
  const auto record = chapter.store().Get(id);
  if (!record.ok()) return record.status();
  absl::Status printed = PrintRecordKey(*record, *chapter.keyring());
  if (!printed.ok()) return printed;
  const auto member = members.Find(id, nullptr);
  if (!member.ok()) return member.status();
  if (!*member) return absl::NotFoundError("a member has gone");
  const auto key = (*member)->LedgerKey();
  if (key.ok()) PrintKey("member-ledger", *key);
  return key.status();
}

absl::Status PrintMembers(core::Chapter& chapter) {
  const auto members = core::Members::Create(chapter.directory_parts());
  if (!members.ok()) return members.status();
  const auto page = chapter.store().ListMembers(std::nullopt, 1000);
  if (!page.ok()) return page.status();
  for (const auto& [id, revision] : *page) {
    const absl::Status printed = PrintMember(chapter, *members, id);
    if (!printed.ok()) return printed;
  }
  return absl::OkStatus();
}

absl::Status PrintAll(const std::string& data, const std::string& root_key) {
  const auto state = app::LoadPublicState(app::DataFolder(data));
  if (!state.ok()) return state.status();
  const auto root =
      crypto::LoadRootKeyFile(platform::PosixFileSystem(), root_key);
  if (!root.ok()) return root.status();
  const auto chapter = app::OpenChapter(*state, *root);
  if (!chapter.ok()) return chapter.status();
  PrintKey("root", *root);
  const absl::Status printed =
      PrintEach<crypto::PageKey, crypto::WrapKey, crypto::IndexKey,
                crypto::StateKey, crypto::LedgerKey, crypto::LedgerSignKey,
                crypto::LeaseKey, crypto::SuppressionKey, crypto::CaKey>(
          *(*chapter)->keyring());
  return printed.ok() ? PrintMembers(**chapter) : printed;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: open_keys DATA ROOT_KEY\n";
    return 2;
  }
  const absl::Status printed = PrintAll(argv[1], argv[2]);
  if (!printed.ok()) std::cerr << printed << '\n';
  return printed.ok() ? 0 : 1;
}
