#include "crypto/pki/identity.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "absl/status/status.h"

namespace sodality::pki {
namespace {

constexpr std::string_view kScheme = "sodality:";
constexpr size_t kIdLength = 26;

std::optional<CertificateKind> KindFromName(std::string_view name) {
  for (const auto kind : {CertificateKind::kServer, CertificateKind::kDevice,
                          CertificateKind::kInvite}) {
    if (KindName(kind) == name) return kind;
  }
  return std::nullopt;
}

}  // namespace

std::string_view KindName(CertificateKind kind) {
  switch (kind) {
    case CertificateKind::kServer:
      return "server";
    case CertificateKind::kDevice:
      return "device";
    case CertificateKind::kInvite:
      return "invite";
  }
  return "";
}

bool IsId(std::string_view text) {
  return text.size() == kIdLength &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
         });
}

std::string FormatIdentityUri(const Identity& identity) {
  std::string uri(kScheme);
  uri += identity.chapter_id;
  uri += '/';
  uri += KindName(identity.kind);
  uri += '/';
  uri += identity.id;
  return uri;
}

absl::StatusOr<Identity> ParseIdentityUri(std::string_view uri) {
  if (!uri.starts_with(kScheme)) {
    return absl::InvalidArgumentError("name is no sodality: URI");
  }
  uri.remove_prefix(kScheme.size());
  const size_t first = uri.find('/');
  const size_t last = uri.rfind('/');
  if (first == std::string_view::npos || first == last) {
    return absl::InvalidArgumentError("URI name has not three parts");
  }
  const std::string_view chapter = uri.substr(0, first);
  const std::string_view id = uri.substr(last + 1);
  const auto kind = KindFromName(uri.substr(first + 1, last - first - 1));
  if (!IsId(chapter)) {
    return absl::InvalidArgumentError("URI name has no valid chapter id");
  }
  if (!kind.has_value()) {
    return absl::InvalidArgumentError("URI name has an unknown kind");
  }
  if (!IsId(id)) {
    return absl::InvalidArgumentError("URI name has no valid id");
  }
  return Identity{std::string(chapter), *kind, std::string(id)};
}

std::string ServerName(std::string_view chapter_id) {
  return std::string(chapter_id) + ".sodality.internal";
}

}  // namespace sodality::pki
