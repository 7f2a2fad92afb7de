// What an access row of each kind says behind its layout's number. Internal to
// codec.cc; docs/formats-ledger.md "Access rows".
#ifndef SODALITY_SERVER_CORE_ACCESS_CODEC_PARTS_H_
#define SODALITY_SERVER_CORE_ACCESS_CODEC_PARTS_H_

#include <cstdint>

#include "crypto/byte_codec.h"
#include "server/core/access/acts.h"
#include "server/core/access/types.h"
#include "server/core/byte_builder.h"
#include "server/core/incarnation.h"
#include "server/core/keys/rotation.h"

namespace sodality::core::codec {

// Of a reader that met the end every value is nothing in particular: the caller
// looks at in.AtEnd(), and whether the fact is encoded as it was read.

// codec_people.cc
void Encode(const Principal& principal, ByteBuilder& out);
Principal DecodePrincipal(crypto::ByteReader& in);
uint8_t LayoutOf(const Device& device);
void Encode(const Device& device, ByteBuilder& out);
Device DecodeDevice(crypto::ByteReader& in, uint8_t layout);
void Encode(const Grant& grant, ByteBuilder& out);
Grant DecodeGrant(crypto::ByteReader& in);
void Encode(const Invite& invite, ByteBuilder& out);
Invite DecodeInvite(crypto::ByteReader& in);

// codec_server.cc
uint8_t LayoutOf(const Rotation& rotation);
void Encode(const Rotation& rotation, ByteBuilder& out);
Rotation DecodeRotation(crypto::ByteReader& in, uint8_t layout);
// Another work or phase is of a program to come.
[[nodiscard]] bool IsKnown(const Rotation& rotation);
void Encode(const Incarnation& incarnation, ByteBuilder& out);
Incarnation DecodeIncarnation(crypto::ByteReader& in);

// codec_acts.cc
void Encode(const PendingAct& act, ByteBuilder& out);
PendingAct DecodeAct(crypto::ByteReader& in);
void Encode(const KeptBackup& backup, ByteBuilder& out);
KeptBackup DecodeBackup(crypto::ByteReader& in);

// For all.
inline void PutTime(ByteBuilder& out, Timestamp time) {
  out.Put(static_cast<uint64_t>(time.millis));
}
inline Timestamp GetTime(crypto::ByteReader& in) {
  return {static_cast<int64_t>(in.Get<uint64_t>())};
}
template <class E>
void PutEnum(ByteBuilder& out, E value) {
  out.Put(static_cast<uint8_t>(value));
}
template <class T>
T GetId(crypto::ByteReader& in) {
  return T{in.GetArray<16>()};
}

}  // namespace sodality::core::codec

#endif  // SODALITY_SERVER_CORE_ACCESS_CODEC_PARTS_H_
