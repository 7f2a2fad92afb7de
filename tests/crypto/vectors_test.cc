// The formats of docs/formats.md on the files of tests/vectors, which a second
// implementation of that page made.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "crypto/backup_file.h"
#include "crypto/byte_codec.h"
#include "crypto/keyring_codec.h"
#include "crypto/padding.h"
#include "crypto/passphrase_box.h"
#include "crypto/record.h"
#include "crypto/root_key.h"
#include "crypto/sealed_blob.h"
#include "crypto/sealed_keyring.h"
#include "crypto/share.h"
#include "crypto/sharing.h"
#include "crypto/token.h"
#include "tests/crypto/hex.h"
#include "tests/vectors/format_suite.h"

namespace sodality::crypto {
namespace {

using vectors::Format;
using vectors::FormatTest;
using vectors::NameOf;
using vectors::Number;
using vectors::Values;
using vectors::Vector;

template <class K>
K KeyOf(const Vector& vector, const std::string& name) {
  return K::FromBytes(FromHex(vector.at(name))).value();
}

absl::StatusOr<Values> RunPadding(const Vector& vector) {
  const auto padded = FromHex(vector.at("padded"));
  const auto size = UnpaddedSize(padded);
  if (!size) return absl::DataLossError("no padding");
  return Values{{"text", ToHex(std::span(padded).first(*size))}};
}

// Opens everything and returns the first failure.
absl::StatusOr<Values> RunRecord(const Vector& vector) {
  const auto bytes = FromHex(vector.at("record"));
  const auto record = SealedRecord::Parse(bytes);
  if (!record.ok()) return record.status();
  const RecordContext context{ArrayFromHex<16>(vector.at("chapter")),
                              ArrayFromHex<16>(vector.at("member")),
                              Number(vector, "revision")};
  const auto reader =
      record->Unwrap(KeyOf<WrapKey>(vector, "wrap-key"), context);
  if (!reader.ok()) return reader.status();
  Values values{
      {"wrap-key-version", std::to_string(record->wrap_key_version())}};
  for (const uint16_t id : reader->field_ids()) {
    const auto value = reader->OpenField(id);
    if (!value.ok()) return value.status();
    values["field-" + std::to_string(id)] = Reveal(*value);
  }
  return values;
}

absl::StatusOr<Values> RunRow(const Vector& vector) {
  const auto key = KeyOf<StateKey>(vector, "state-key");
  const auto version =
      static_cast<uint32_t>(Number(vector, "state-key-version"));
  const RowSealer rows(ArrayFromHex<16>(vector.at("chapter")), {version, key});
  const RowPlace place{static_cast<uint16_t>(Number(vector, "table")),
                       ArrayFromHex<16>(vector.at("row")),
                       Number(vector, "row-version")};
  const auto value = rows.Open(place, FromHex(vector.at("sealed")));
  if (!value.ok()) return value.status();
  return Values{{"plaintext", Reveal(*value)}};
}

absl::StatusOr<Values> RunBox(const Vector& vector) {
  const auto value = OpenWithPassphrase(FromHex(vector.at("box")),
                                        SecretText(vector.at("passphrase")),
                                        vector.at("purpose"));
  if (!value.ok()) return value.status();
  return Values{{"plaintext", Reveal(*value)}};
}

// The shares of lines "share-1" and so on; the first refusal.
absl::StatusOr<ShareCollection> CollectShares(const Vector& vector,
                                              const Bytes16& chapter,
                                              const ShareSet& set) {
  ShareCollection shares(chapter, set);
  for (int i = 1; vector.contains("share-" + std::to_string(i)); ++i) {
    auto share =
        DecodeShare(SecretText(vector.at("share-" + std::to_string(i))));
    if (!share.ok()) return share.status();
    const absl::Status added = shares.Add(*std::move(share));
    if (!added.ok()) return added;
  }
  return shares;
}

absl::StatusOr<Values> RunShare(const Vector& vector) {
  const auto share = DecodeShare(SecretText(vector.at("share")));
  if (!share.ok()) return share.status();
  const ShareInfo& info = share->info();
  return Values{{"chapter", ToHex(info.chapter)},
                {"set", ToHex(info.set.id)},
                {"index", std::to_string(info.index)},
                {"threshold", std::to_string(info.set.threshold)},
                {"count", std::to_string(info.set.count)},
                {"value", ToHex(share->value().Expose(AllowSecretAccess()))}};
}

absl::StatusOr<Values> RunShareSet(const Vector& vector) {
  const auto shares =
      CollectShares(vector, ArrayFromHex<16>(vector.at("chapter")),
                    {ArrayFromHex<16>(vector.at("set")),
                     static_cast<uint8_t>(Number(vector, "threshold")),
                     static_cast<uint8_t>(Number(vector, "count"))});
  if (!shares.ok()) return shares.status();
  const auto root = shares->Combine();
  if (!root.ok()) return root.status();
  return Values{{"root-key", ToHex(root->Expose(AllowSecretAccess()))}};
}

// Combined once for each keyring, whose bits are flipped some thousand times.
absl::StatusOr<RootKey> CombineOnce(const Vector& vector,
                                    const Bytes16& chapter,
                                    const ShareSet& set) {
  using Question = std::tuple<std::string, Bytes16, uint8_t, uint8_t>;
  static std::map<Question, RootKey> known;
  const Question question{vector.at("comment"), set.id, set.threshold,
                          set.count};
  if (const auto found = known.find(question); found != known.end()) {
    return found->second.Clone();
  }
  const auto shares = CollectShares(vector, chapter, set);
  if (!shares.ok()) return shares.status();
  auto root = shares->Combine();
  if (root.ok()) known.emplace(question, root->Clone());
  return root;
}

absl::StatusOr<RootKey> RootOfShares(const Vector& vector) {
  const auto slots = ReadRootSlots(FromHex(vector.at("keyring")));
  if (!slots.ok()) return slots.status();
  const auto plain = FromHex(vector.at("plain"));
  Bytes16 chapter;
  std::copy_n(plain.begin() + 1, chapter.size(), chapter.begin());
  for (const RootSlot& slot : *slots) {
    if (slot.custody != Custody::kShares) continue;
    return CombineOnce(vector, chapter, slot.shares);
  }
  return absl::FailedPreconditionError("not kept by shares");
}

absl::StatusOr<RootKey> RootOf(const Vector& vector) {
  if (vector.contains("share-1")) return RootOfShares(vector);
  if (vector.count("passphrase") == 0) {
    return DecodeRootKey(SecretText(vector.at("root-key")));
  }
  auto root = RootFromPassphrase(FromHex(vector.at("keyring")),
                                 SecretText(vector.at("passphrase")));
  if (!root.ok()) return root.status();
  return std::move(root->key);
}

absl::StatusOr<Values> RunKeyring(const Vector& vector) {
  const auto root = RootOf(vector);
  if (!root.ok()) return root.status();
  const auto keyring = OpenKeyring(FromHex(vector.at("keyring")), *root);
  if (!keyring.ok()) return keyring.status();
  const SecretBuffer plain = KeyringCodec::Encode(*keyring);
  return Values{{"plain", ToHex(plain.Expose(AllowSecretAccess()))}};
}

absl::StatusOr<Values> RunBackup(const Vector& vector) {
  const auto root = DecodeRootKey(SecretText(vector.at("root-key")));
  if (!root.ok()) return root.status();
  const std::vector<uint8_t> file = FromHex(vector.at("backup"));
  const std::span<const uint8_t> bytes(file);
  const auto head = BackupHeadSize(bytes);
  if (!head.ok()) return head.status();
  if (bytes.size() < *head) return absl::DataLossError("cut off");
  auto opener = BackupOpener::Begin(bytes.first(*head), *root);
  if (!opener.ok()) return opener.status();
  std::string plain;
  auto rest = bytes.subspan(*head);
  do {
    const auto sealed = rest.first(std::min(rest.size(), kSealedBackupChunk));
    rest = rest.subspan(sealed.size());
    const auto chunk = opener->Open(sealed, rest.empty());
    if (!chunk.ok()) return chunk.status();
    plain += ToHex(chunk->Expose(AllowSecretAccess()));
  } while (!rest.empty());
  return Values{{"plain", plain}};
}

absl::StatusOr<Values> RunToken(const Vector& vector) {
  const SlotPlan plan{static_cast<uint16_t>(Number(vector, "slot")),
                      static_cast<uint8_t>(Number(vector, "bits"))};
  const auto deriver = TokenDeriver::Create(
      KeyOf<IndexKey>(vector, "index-key"),
      static_cast<uint16_t>(Number(vector, "version")), std::span(&plan, 1));
  if (!deriver.ok()) return deriver.status();
  const auto token = deriver->Derive(plan.slot, vector.at("value"));
  if (!token.ok()) return token.status();
  return Values{{"token", std::to_string(token->bits)}};
}

// Argon2id's passes and KiB at `at`, unless refused unread, cost little.
bool Cheap(std::span<const uint8_t> bytes, size_t at) {
  if (bytes.size() < at + 8) return true;
  ByteReader in(bytes.subspan(at));
  const uint64_t passes = in.Get<uint32_t>();
  const uint64_t memory = in.Get<uint32_t>();
  return passes > 16 || memory > 1 << 20 || passes * memory <= 1024;
}
bool CheapBox(std::span<const uint8_t> box) { return Cheap(box, 2); }
bool CheapKeyring(std::span<const uint8_t> keyring) {
  constexpr size_t kSlots = 19;
  constexpr size_t kSlot = 129;
  return Cheap(keyring, kSlots + 1) && Cheap(keyring, kSlots + kSlot + 1);
}

INSTANTIATE_TEST_SUITE_P(
    Crypto, FormatTest,
    testing::Values(Format{.folder = "padding", .run = RunPadding},
                    Format{.folder = "record",
                           .run = RunRecord,
                           .bytes = "record",
                           .places = {"chapter", "member", "revision",
                                      "wrap-key"}},
                    Format{.folder = "row",
                           .run = RunRow,
                           .bytes = "sealed",
                           .places = {"chapter", "table", "row", "row-version",
                                      "state-key", "state-key-version"}},
                    Format{.folder = "keyring",
                           .run = RunKeyring,
                           .bytes = "keyring",
                           .places = {"root-key", "passphrase"},
                           .refusals = {absl::StatusCode::kDataLoss,
                                        absl::StatusCode::kFailedPrecondition,
                                        absl::StatusCode::kPermissionDenied,
                                        absl::StatusCode::kInvalidArgument},
                           .affordable = CheapKeyring},
                    Format{.folder = "passphrase-box",
                           .run = RunBox,
                           .bytes = "box",
                           .places = {"passphrase", "purpose"},
                           .refusals = {absl::StatusCode::kDataLoss,
                                        absl::StatusCode::kFailedPrecondition,
                                        absl::StatusCode::kPermissionDenied},
                           .affordable = CheapBox},
                    Format{.folder = "backup",
                           .run = RunBackup,
                           .bytes = "backup",
                           .places = {"root-key"},
                           .refusals = {absl::StatusCode::kDataLoss,
                                        absl::StatusCode::kFailedPrecondition,
                                        absl::StatusCode::kPermissionDenied,
                                        absl::StatusCode::kInvalidArgument}},
                    Format{.folder = "share",
                           .run = RunShare,
                           .bytes = "share",
                           .text = true,
                           .refusals = {absl::StatusCode::kInvalidArgument,
                                        absl::StatusCode::kFailedPrecondition}},
                    Format{.folder = "share-set", .run = RunShareSet},
                    Format{.folder = "token", .run = RunToken}),
    NameOf);

}  // namespace
}  // namespace sodality::crypto
