// A chapter with an authority, an invite, and folders to join into.
#ifndef SODALITY_TESTS_CLIENT_PROFILE_ENROLMENT_H_
#define SODALITY_TESTS_CLIENT_PROFILE_ENROLMENT_H_

#include <string>

#include "client/profile/pending_profile.h"
#include "client/profile/profile.h"
#include "crypto/pki/authority.h"
#include "crypto/pki/invite_file.h"
#include "platform/clock.h"
#include "tests/scratch.h"

namespace sodality {

inline const std::string kChapter = "abcdefghijklmnopqrstuvwxyz";
inline const std::string kDeviceId = "k7q2k7q2k7q2k7q2k7q2k7q2k7";
inline constexpr platform::Timestamp kNow{1'790'000'000'000};

// Issued once for the whole test program.
const pki::CertificateAuthority& TestAuthority();
pki::Invite FreshInvite();

KeyProtection Plain();
KeyProtection WithPassphrase(const std::string& passphrase);
// Gives `passphrase`.
PassphraseSource Says(const std::string& passphrase);
// Fails the test when asked.
PassphraseSource MustNotAsk();

// What the server answers to this key.
Enrolled Answer(const pki::PublicKey& key, platform::Timestamp now = kNow);
// Begins and finishes; the profile lies in `folder`.
absl::StatusOr<Profile> Join(const std::string& folder,
                             const KeyProtection& protection);

void WriteAll(const std::string& path, const std::string& text);
unsigned ModeOf(const std::string& path);

}  // namespace sodality

#endif  // SODALITY_TESTS_CLIENT_PROFILE_ENROLMENT_H_
