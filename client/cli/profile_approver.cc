#include "client/cli/profile_approver.h"

#include <utility>

#include "client/cli/profile_connection.h"
#include "client/profile/approval_key.h"
#include "client/profile/profile_connection.h"
#include "text/base32.h"

namespace sodality::cli {
namespace {

absl::StatusOr<Approver> ApproverOf(const Profile& profile,
                                    absl::StatusOr<crypto::ApprovalKey> key) {
  if (!key.ok()) return OfProfile(key.status());
  const auto chapter = text::DecodeBase32(profile.info().chapter_id);
  const auto device = text::DecodeBase32(profile.info().device_id);
  if (!chapter.ok()) return OfProfile(chapter.status());
  if (!device.ok()) return OfProfile(device.status());
  return Approver(*chapter, *device, *key);
}

}  // namespace

absl::StatusOr<Approver> OpenApprover(Session& session) {
  const auto folder = ProfileFolder(session);
  if (!folder.ok()) return folder.status();
  const auto profile = Profile::Load(*folder);
  if (!profile.ok()) return OfProfile(profile.status());
  return ApproverOf(*profile, OpenApprovalKey(*profile, [&session] {
    return Passphrase(session);
  }));
}

void RegisterAtJoin(Profile profile, const pki::PrivateKey& key,
                    const KeyProtection& protection, Session& session) {
  const auto approver =
      ApproverOf(profile, MakeApprovalKey(profile, protection));
  if (!approver.ok()) return;
  Options options;
  options.now = [&session] { return session.Now(); };
  const auto connection = ConnectAs(profile, key, std::move(options), nullptr);
  if (connection.ok()) (void)approver->Register(Client(*connection));
}

}  // namespace sodality::cli
