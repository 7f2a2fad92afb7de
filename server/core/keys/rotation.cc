#include "server/core/keys/rotation.h"

#include <algorithm>

#include "crypto/byte_codec.h"

namespace sodality::core {

std::string_view RotationPhaseName(RotationPhase phase) {
  switch (phase) {
    case RotationPhase::kStarting:
      return "starting";
    case RotationPhase::kSweeping:
      return "sweeping";
    case RotationPhase::kCopying:
      return "copying";
    case RotationPhase::kSteppingBack:
      return "stepping-back";
  }
  return "unknown";
}

std::string_view RotationWorkName(RotationWork work) {
  switch (work) {
    case RotationWork::kRewrap:
      return "rewrap";
    case RotationWork::kReencrypt:
      return "reencrypt";
    case RotationWork::kReindex:
      return "reindex";
    case RotationWork::kRekeyPages:
      return "rekey-pages";
    case RotationWork::kRekeyLedger:
      return "rekey-ledger";
    case RotationWork::kRekeyRoot:
      return "rekey-root";
  }
  return "unknown";
}

std::string_view KindName(crypto::KeyKind kind) {
  return kind == kRootKind ? "root" : crypto::KeyKindName(kind);
}

crypto::KeyKind KindOf(RotationWork work) {
  switch (work) {
    case RotationWork::kReindex:
      return crypto::KeyKind::kIndex;
    case RotationWork::kRekeyPages:
      return crypto::KeyKind::kPage;
    case RotationWork::kRekeyLedger:
      return crypto::KeyKind::kLedger;
    case RotationWork::kRekeyRoot:
      return kRootKind;
    case RotationWork::kRewrap:
    case RotationWork::kReencrypt:
      break;
  }
  return crypto::KeyKind::kWrap;
}

bool IsStarting(const Rotation& rotation) {
  return rotation.phase == RotationPhase::kStarting;
}

store::IdBytes WriteKeySubject(const KeySubject& subject) {
  store::IdBytes bytes{};
  crypto::ByteWriter out(bytes);
  out.Put(static_cast<uint8_t>(subject.kind));
  out.Put(subject.version);
  return bytes;
}

std::optional<KeySubject> ReadKeySubject(const store::IdBytes& bytes) {
  crypto::ByteReader in(bytes);
  const auto kind = in.Get<uint8_t>();
  const auto version = in.Get<uint32_t>();
  const auto rest = in.GetBytes(in.left());
  const bool zero = std::all_of(rest.begin(), rest.end(),
                                [](uint8_t byte) { return byte == 0; });
  const bool of_keyring =
      kind >= static_cast<uint8_t>(crypto::KeyKind::kPage) &&
      kind <= static_cast<uint8_t>(crypto::KeyKind::kCa);
  const bool is_root = kind == static_cast<uint8_t>(kRootKind);
  if (!zero || !(of_keyring ? version != 0 : is_root && version == 0)) {
    return std::nullopt;
  }
  return KeySubject{static_cast<crypto::KeyKind>(kind), version};
}

}  // namespace sodality::core
