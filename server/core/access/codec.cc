#include "server/core/access/codec.h"

#include <utility>

#include "server/core/access/codec_parts.h"
#include "server/core/byte_builder.h"

namespace sodality::core {
namespace {

using codec::Encode;
using crypto::ByteReader;

void Encode(const Suppression&, ByteBuilder&) {}

template <class T>
T Placed(T fact, const store::AccessRow& row) {
  fact.id.bytes = row.id;
  fact.version = row.version;
  return fact;
}

// The first, but of what has a second and needs it.
uint8_t LayoutOf(const AccessFact& fact) {
  return std::visit(
      [](const auto& f) -> uint8_t {
        if constexpr (requires { codec::LayoutOf(f); }) {
          return codec::LayoutOf(f);
        } else {
          return 1;
        }
      },
      fact);
}

crypto::RowPlace PlaceOf(const store::AccessRow& row) {
  return {static_cast<uint16_t>(row.table), row.id, row.version};
}

}  // namespace

store::AccessTable TableOf(const AccessFact& fact) {
  static constexpr store::AccessTable kTables[] = {
      store::AccessTable::kPrincipals,   store::AccessTable::kDevices,
      store::AccessTable::kGrants,       store::AccessTable::kInvites,
      store::AccessTable::kSuppressions, store::AccessTable::kRotations,
      store::AccessTable::kIncarnations, store::AccessTable::kApprovals,
      store::AccessTable::kBackups};
  return kTables[fact.index()];
}

store::IdBytes IdOf(const AccessFact& fact) {
  return std::visit(
      [](const auto& f) -> store::IdBytes {
        if constexpr (requires { f.id.bytes; }) {
          return f.id.bytes;
        } else {
          return f.id;
        }
      },
      fact);
}

uint64_t VersionOf(const AccessFact& fact) {
  return std::visit(
      [](const auto& f) -> uint64_t {
        if constexpr (requires { f.version; }) {
          return f.version;
        } else {
          return 0;
        }
      },
      fact);
}

crypto::SecretBytes EncodeFact(const AccessFact& fact) {
  ByteBuilder out;
  out.Put(LayoutOf(fact));
  std::visit([&](const auto& f) { Encode(f, out); }, fact);
  return out.TakeSecret();
}

absl::StatusOr<AccessFact> DecodeFact(const store::AccessRow& row,
                                      const crypto::SecretBytes& content) {
  ByteReader in(content.Expose(crypto::AllowSecretAccess()));
  const uint8_t layout = in.Get<uint8_t>();
  const bool has_second = row.table == store::AccessTable::kRotations ||
                          row.table == store::AccessTable::kDevices;
  if (in.ok() && layout != 1 && !(has_second && layout == 2)) {
    return absl::FailedPreconditionError(
        "an access row has a format newer than this server");
  }
  AccessFact fact;
  switch (row.table) {
    case store::AccessTable::kPrincipals:
      fact = Placed(codec::DecodePrincipal(in), row);
      break;
    case store::AccessTable::kDevices:
      fact = Placed(codec::DecodeDevice(in, layout), row);
      break;
    case store::AccessTable::kGrants:
      fact = Placed(codec::DecodeGrant(in), row);
      break;
    case store::AccessTable::kInvites:
      fact = Placed(codec::DecodeInvite(in), row);
      break;
    case store::AccessTable::kSuppressions:
      fact = Suppression{row.id};
      break;
    case store::AccessTable::kRotations: {
      Rotation rotation = Placed(codec::DecodeRotation(in, layout), row);
      if (in.AtEnd() && !codec::IsKnown(rotation)) {
        return absl::FailedPreconditionError(
            "a rotation is under way that a newer server began");
      }
      fact = rotation;
      break;
    }
    case store::AccessTable::kIncarnations:
      fact = Placed(codec::DecodeIncarnation(in), row);
      break;
    case store::AccessTable::kApprovals:
      fact = Placed(codec::DecodeAct(in), row);
      break;
    case store::AccessTable::kBackups:
      fact = Placed(codec::DecodeBackup(in), row);
      break;
    default:
      return absl::DataLossError("an access row of an unknown table");
  }
  // Another encoding of the same fact, a flag of 2 say, is none of ours.
  if (!in.AtEnd() || !EncodeFact(fact).Equals(content)) {
    return absl::DataLossError("an access row is damaged");
  }
  return fact;
}

absl::StatusOr<store::PutAccessRow> SealFact(const AccessFact& fact,
                                             const crypto::RowSealer& sealer,
                                             crypto::Random& random) {
  store::PutAccessRow put;
  put.table = TableOf(fact);
  put.id = IdOf(fact);
  put.expected = VersionOf(fact);
  auto sealed =
      sealer.Seal({static_cast<uint16_t>(put.table), put.id, put.expected + 1},
                  EncodeFact(fact), random);
  if (!sealed.ok()) return sealed.status();
  put.sealed = *std::move(sealed);
  return put;
}

absl::StatusOr<AccessFact> OpenFact(const store::AccessRow& row,
                                    const crypto::RowSealer& sealer) {
  auto content = sealer.Open(PlaceOf(row), row.sealed);
  if (!content.ok()) return content.status();
  return DecodeFact(row, *content);
}

}  // namespace sodality::core
