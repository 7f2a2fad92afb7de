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
  }
  return "unknown";
}

crypto::KeyKind KindOf(RotationWork work) {
  switch (work) {
    case RotationWork::kReindex:
      return crypto::KeyKind::kIndex;
    case RotationWork::kRekeyPages:
      return crypto::KeyKind::kPage;
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
  if (kind < static_cast<uint8_t>(crypto::KeyKind::kPage) ||
      kind > static_cast<uint8_t>(crypto::KeyKind::kCa) || version == 0 ||
      !zero) {
    return std::nullopt;
  }
  return KeySubject{static_cast<crypto::KeyKind>(kind), version};
}

}  // namespace sodality::core
