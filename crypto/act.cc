#include "crypto/act.h"

#include <algorithm>
#include <string_view>

#include "crypto/aad.h"
#include "crypto/byte_codec.h"

namespace sodality::crypto {
namespace {

constexpr std::string_view kActDomain = "sodality/act/1";

std::vector<uint8_t> Copy(std::span<const uint8_t> bytes) {
  return {bytes.begin(), bytes.end()};
}

std::span<const uint8_t> Part(ByteReader& in) {
  return in.GetBytes(in.Get<uint32_t>());
}

template <std::unsigned_integral T>
T Number(ByteReader& in) {
  ByteReader part(Part(in));
  return part.Get<T>();
}

Bytes16 Id(ByteReader& in) {
  ByteReader part(Part(in));
  return part.GetArray<16>();
}

platform::Timestamp Time(ByteReader& in) {
  return {static_cast<int64_t>(Number<uint64_t>(in))};
}

absl::Status NoAct() { return absl::InvalidArgumentError("this is no act"); }

}  // namespace

std::vector<uint8_t> EncodeAct(const ActForm& act) {
  AssociatedData form(kActDomain);
  form.Add(act.chapter).Add(act.incarnation).Add(act.id);
  form.AddU16(static_cast<uint16_t>(act.kind)).Add(act.content);
  form.Add(act.proposer);
  form.AddU64(static_cast<uint64_t>(act.created.millis));
  form.AddU64(static_cast<uint64_t>(act.expires.millis));
  return Copy(form.bytes());
}

absl::StatusOr<ActForm> DecodeAct(std::span<const uint8_t> bytes) {
  if (bytes.size() > kMaxActBytes) return NoAct();
  ByteReader in(bytes);
  Part(in);  // The domain is compared below.
  ActForm act;
  act.chapter = Id(in);
  act.incarnation = Id(in);
  act.id = Id(in);
  act.kind = static_cast<ActKind>(Number<uint16_t>(in));
  act.content = Copy(Part(in));
  act.proposer = Id(in);
  act.created = Time(in);
  act.expires = Time(in);
  if (!std::ranges::equal(EncodeAct(act), bytes)) return NoAct();
  if (act.kind != ActKind::kTrimKeys) {
    return absl::FailedPreconditionError(
        "an act of a kind that is newer than this program");
  }
  return act;
}

std::vector<uint8_t> EncodeTrim(const TrimOrder& order) {
  std::vector<uint8_t> out = {static_cast<uint8_t>(order.kind)};
  const auto put = [&out](std::span<const uint8_t> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
  };
  put(LittleEndian(order.below));
  put(LittleEndian(static_cast<uint16_t>(order.destroyed.size())));
  for (const Bytes16& backup : order.destroyed) put(backup);
  return out;
}

absl::StatusOr<TrimOrder> DecodeTrim(std::span<const uint8_t> content) {
  ByteReader in(content);
  TrimOrder order;
  order.kind = static_cast<KeyKind>(in.Get<uint8_t>());
  order.below = in.Get<uint32_t>();
  const size_t count = in.Get<uint16_t>();
  for (size_t i = 0; i < count && in.ok(); ++i) {
    order.destroyed.push_back(in.GetArray<16>());
  }
  const auto& ids = order.destroyed;
  const bool ascending =
      std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>()) ==
      ids.end();
  if (!in.AtEnd() || !ascending || count > TrimOrder::kMostBackups) {
    return NoAct();
  }
  return order;
}

std::vector<uint8_t> KeyProofMessage(const Bytes16& chapter,
                                     const Bytes16& device) {
  AssociatedData message("sodality/approval-key/1");
  message.Add(chapter).Add(device);
  return Copy(message.bytes());
}

}  // namespace sodality::crypto
