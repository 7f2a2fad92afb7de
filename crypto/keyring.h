// All the server's keys, by kind and version. A value that is changed on a
// copy: clone, change, write the file, publish. Read next: keyring_file.h.
#ifndef SODALITY_CRYPTO_KEYRING_H_
#define SODALITY_CRYPTO_KEYRING_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/key.h"
#include "crypto/key_kind.h"
#include "crypto/key_state.h"
#include "crypto/random.h"
#include "platform/clock.h"

namespace sodality::crypto {

// How the tokens of an index version are made. Public facts.
struct IndexParameters {
  uint16_t normaliser_version = 0;
  uint8_t exact_bits = 0;
  uint8_t word_bits = 0;
  friend bool operator==(const IndexParameters&,
                         const IndexParameters&) = default;
};

// What may be shown and logged of a key version.
struct KeyInfo {
  KeyKind kind = KeyKind::kPage;
  uint32_t version = 0;  // From 1, without gaps, for each kind.
  KeyState state = KeyState::kPrepared;
  platform::Timestamp created;
  std::optional<IndexParameters> index;  // For kIndex.
  friend bool operator==(const KeyInfo&, const KeyInfo&) = default;
};

// Invariants: at most one Active version of a kind, exactly one for every kind
// but kCa; versions of a kind count from 1 without gaps.
// Thread safety: const methods are safe; publish a changed clone rather than
// changing one that is shared. Secrets: the keys, shared between clones and
// wiped when the last clone that holds them goes. Every change raises
// generation() by one: write the file after each.
class Keyring final {
 public:
  // Of all kinds together, destroyed ones too: a file with more is refused, and
  // whoever adds one looks first.
  static constexpr size_t kMaxVersions = 4096;

  struct Spec {
    Bytes16 chapter_id{};
    IndexParameters index;
    platform::Timestamp now;
  };
  // Version 1 of every kind but kCa, Active.
  static Keyring Create(const Spec& spec, Random& random);

  Keyring(Keyring&&) = default;
  Keyring& operator=(Keyring&&) = default;
  Keyring Clone() const { return Keyring(*this); }

  const Bytes16& chapter_id() const { return chapter_id_; }
  uint64_t generation() const { return generation_; }
  // Every version of every kind, by kind and version.
  std::vector<KeyInfo> Infos() const;
  // FAILED_PRECONDITION "<kind> key version N is unknown (newer than this
  // server?)".
  absl::StatusOr<KeyInfo> Info(KeyKind kind, uint32_t version) const;

  // The key that seals now. The reference lives as long as this keyring or a
  // clone with the same version. FAILED_PRECONDITION only for a CaKey that was
  // never set, or a kind that is empty.
  template <class K>
  absl::StatusOr<Versioned<K>> Active() const;

  // The key that `version` names, for opening. FAILED_PRECONDITION naming kind
  // and version when unknown or destroyed.
  template <class K>
  absl::StatusOr<const K*> Find(uint32_t version) const;

  // The number of the next version that is added; 1 for a kind that is empty.
  uint32_t NextVersion(KeyKind kind) const;
  // Adds the next version, Prepared, and returns it. Not for kIndex and kCa.
  uint32_t Prepare(KeyKind kind, platform::Timestamp now, Random& random);
  uint32_t PrepareIndex(const IndexParameters& index, platform::Timestamp now,
                        Random& random);
  uint32_t PrepareCa(CaKey key, platform::Timestamp now);
  // Prepared to Active; the version that was Active becomes Retired.
  absl::Status Activate(KeyKind kind, uint32_t version);
  // Prepare and Activate as one change, for a kind that nobody else has to know
  // of first. Returns the new version.
  uint32_t Rotate(KeyKind kind, platform::Timestamp now, Random& random);
  uint32_t RotateIndex(const IndexParameters& index, platform::Timestamp now,
                       Random& random);
  // Retired or Prepared to Destroyed; the bytes are dropped.
  // FAILED_PRECONDITION naming the states otherwise.
  absl::Status Destroy(KeyKind kind, uint32_t version);
  // Every Retired version of a kind below `below`, as one change.
  // FAILED_PRECONDITION, and nothing is changed, when one is Active or
  // Prepared, or none is Retired.
  absl::Status DestroyBelow(KeyKind kind, uint32_t below);
  // The same keys, for a file that other root keys are to open.
  void NextGeneration() { ++generation_; }

 private:
  friend class KeyringCodec;
  using Material = std::variant<PageKey, WrapKey, IndexKey, StateKey, LedgerKey,
                                LedgerSignKey, LeaseKey, SuppressionKey, CaKey>;
  struct Entry {
    KeyInfo info;
    std::shared_ptr<const Material> material;  // Null when Destroyed.
  };
  Keyring() = default;
  Keyring(const Keyring&) = default;
  static Material Make(KeyKind kind, Random& random);
  uint32_t Rotate(KeyInfo info, Random& random);
  uint32_t Append(KeyInfo info, Material material);
  Entry* FindEntry(KeyKind kind, uint32_t version);
  const Entry* FindEntry(KeyKind kind, uint32_t version) const;
  absl::StatusOr<const Material*> FindMaterial(KeyKind kind,
                                               uint32_t version) const;
  absl::StatusOr<uint32_t> ActiveVersion(KeyKind kind) const;

  Bytes16 chapter_id_{};
  uint64_t generation_ = 1;
  std::vector<Entry> entries_;  // By kind, then version.
};

template <class K>
absl::StatusOr<const K*> Keyring::Find(uint32_t version) const {
  auto material = FindMaterial(KindOf<K>(), version);
  if (!material.ok()) return material.status();
  return &std::get<K>(**material);
}

template <class K>
absl::StatusOr<Versioned<K>> Keyring::Active() const {
  const auto version = ActiveVersion(KindOf<K>());
  if (!version.ok()) return version.status();
  const auto key = Find<K>(*version);
  if (!key.ok()) return key.status();
  return Versioned<K>{*version, **key};
}

}  // namespace sodality::crypto

#endif  // SODALITY_CRYPTO_KEYRING_H_
