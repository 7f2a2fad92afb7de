// join: from an invite to an enrolled device.
#include <cerrno>
#include <fstream>
#include <istream>
#include <utility>

#include "client/cli/commands.h"
#include "client/cli/json.h"
#include "client/cli/named_file.h"
#include "client/cli/profile_approver.h"
#include "client/cli/profile_connection.h"
#include "client/cli/session.h"
#include "client/include/sodality/connect.h"
#include "client/profile/pending_profile.h"
#include "crypto/pki/csr.h"
#include "crypto/pki/invite_file.h"
#include "text/utf8.h"

namespace sodality::cli {
namespace {

absl::Status Misuse(const std::string& message, const std::string& hint) {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {.reason = "INVALID_VALUE", .hint = hint});
}

absl::Status InviteIsSpent(const std::string& message) {
  return MakeError(
      absl::StatusCode::kUnauthenticated, message,
      {.reason = "INVITE_NOT_GOOD", .hint = "ask for a new invite"});
}

absl::Status BadAnswer() {
  return MakeError(
      absl::StatusCode::kInternal, "the server's answer is no certificate",
      {.reason = "SERVER_FAILED", .hint = "tell whoever runs the server"});
}

crypto::SecretBytes ReadAll(std::istream& input) {
  std::string text(pki::kMaxInviteBytes + 1, '\0');
  input.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(input.gcount()));
  return crypto::SecretBytes::FromString(std::move(text));
}

absl::StatusOr<pki::Invite> ReadInvite(const std::string& path,
                                       Session& session) {
  crypto::SecretBytes content;
  if (path == "-") {
    content = ReadAll(session.environment().in);
  } else {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) return CannotRead(path, errno);
    content = ReadAll(file);
  }
  auto invite = pki::ParseInvite(content);
  if (invite.ok()) return invite;
  return Misuse("this is no invite: " + std::string(invite.status().message()),
                "it must be the whole file, as it was made");
}

// Twice, and empty means none. Only where a person sits: scripts give a file.
absl::StatusOr<std::optional<crypto::SecretBytes>> NewPassphrase(
    Session& session) {
  std::optional<crypto::SecretBytes> none;
  if (!session.options().passphrase_file.empty()) {
    auto given = Passphrase(session);
    if (!given.ok()) return given.status();
    return std::optional<crypto::SecretBytes>(*std::move(given));
  }
  Terminal& terminal = session.environment().terminal;
  if (session.options().no_input || !terminal.ErrIsTerminal()) return none;
  const auto first = terminal.AskSecret(
      "New passphrase for this device's key (empty: none): ");
  if (!first.ok()) return first.status();
  if (first->empty()) return none;
  const auto second = terminal.AskSecret("The same again: ");
  if (!second.ok()) return second.status();
  if (!first->Equals(*second)) return Misuse("the two differ", "try again");
  return std::optional<crypto::SecretBytes>(
      crypto::SecretBytes::CopyOf(first->Expose(crypto::AllowSecretAccess())));
}

absl::Status CheckDates(const pki::Invite& invite, platform::Timestamp now) {
  if (now <= invite.expires()) return absl::OkStatus();
  return InviteIsSpent("this invite expired at " +
                       platform::FormatTimestamp(invite.expires()));
}

absl::StatusOr<std::shared_ptr<Connection>> ConnectInvite(
    const pki::Invite& invite, Session& session) {
  auto key = invite.key.ToPkcs8Pem();
  if (!key.ok()) return key.status();
  Options options;
  options.now = [&session] { return session.Now(); };
  return Connect(
      {invite.address, invite.server_name(), invite.authority.ToPem(),
       invite.certificate.ToPem(), Secret(*std::move(key))},
      std::move(options));
}

absl::StatusOr<Enrolment> Redeem(const pki::Invite& invite,
                                 const pki::PrivateKey& key, Session& session) {
  const auto request = pki::CertificateRequest::Create(key);
  if (!request.ok()) return request.status();
  const auto connection = ConnectInvite(invite, session);
  if (!connection.ok()) return connection.status();
  auto enrolment =
      Client(*connection).Redeem(std::string(crypto::AsText(request->der())));
  if (GetErrorInfo(enrolment.status()).reason == "CERTIFICATE_REFUSED") {
    return InviteIsSpent("this invite was used, withdrawn or replaced");
  }
  return enrolment;
}

void PrintEnrolment(const Enrolment& enrolment, const Profile& profile,
                    Session& session) {
  if (session.options().json) {
    session.Print(StringsJson({{"id", enrolment.device_id},
                               {"name", enrolment.principal_name},
                               {"role", enrolment.role},
                               {"chapter", enrolment.chapter_name},
                               {"profile", profile.folder()}}));
    return;
  }
  session.Print(text::Printable("enrolled as " + enrolment.principal_name +
                                " (" + enrolment.role + ") at " +
                                enrolment.chapter_name) +
                "\n");
  session.Note("this device's key is in " + text::Printable(profile.folder()));
  session.Hint("see what you may do: sodality status");
}

absl::StatusOr<ExitCode> Join(const Arguments& arguments, Session& session) {
  auto invite = ReadInvite(arguments.One("FILE"), session);
  if (!invite.ok()) return invite.status();
  if (arguments.Has("server")) {
    invite->address = arguments.One("server");
    const absl::Status address = pki::CheckAddress(invite->address);
    if (!address.ok()) {
      return Misuse("--server must be HOST:PORT",
                    "as in directory.example.org:7443");
    }
  }
  if (invite->address.ends_with(":0")) {
    return Misuse("this invite names no port", "add --server HOST:PORT");
  }
  const absl::Status dates =
      CheckDates(*invite, session.environment().clock.Now());
  if (!dates.ok()) return dates;
  const auto folder = ProfileFolder(session);
  if (!folder.ok()) return folder.status();
  auto passphrase = NewPassphrase(session);
  if (!passphrase.ok()) return passphrase.status();
  const KeyProtection protection = {*std::move(passphrase), {}};
  auto pending = PendingProfile::Begin(*folder, *invite, protection);
  if (!pending.ok()) return OfProfile(pending.status());
  const auto enrolment = Redeem(*invite, pending->key(), session);
  if (!enrolment.ok()) return enrolment.status();
  auto certificate =
      pki::Certificate::ParsePem(enrolment->issued.certificate_pem);
  if (!certificate.ok()) return BadAnswer();
  const auto profile =
      pending->Finish({*std::move(certificate), enrolment->chapter_name,
                       enrolment->principal_name});
  if (!profile.ok()) return OfProfile(profile.status());
  if (enrolment->role == "admin") {
    RegisterAtJoin(*profile, pending->key(), protection, session);
  }
  PrintEnrolment(*enrolment, *profile, session);
  return ExitCode::kOk;
}

}  // namespace

CommandSpec JoinCommand() {
  return {.name = "join",
          .summary = "enrol this device with an invite",
          .details =
              "Makes a key that never leaves this device, and a profile that "
              "the other commands use. The invite is good once; a join that "
              "was cut short is taken up by joining again.",
          .examples = {"sodality join rosa.invite",
                       "sodality join - < rosa.invite"},
          .options = {{"server", "HOST:PORT",
                       "where the server is, if not where the invite says",
                       Takes::kOne}},
          .positionals = {{"FILE", "the invite; - reads standard input"}},
          .subcommands = {},
          .handler = &Join,
          .field_options = false};
}

}  // namespace sodality::cli
