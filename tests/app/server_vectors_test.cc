// What a server keeps in text and hears on its local socket, on the files of
// tests/vectors, which a second implementation of docs/formats-server.md made.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

#include "crypto/secret.h"
#include "server/app/chapter_file.h"
#include "server/app/control_protocol.h"
#include "tests/crypto/hex.h"
#include "tests/vectors/format_suite.h"
#include "text/base32.h"

namespace sodality::app {
namespace {

using vectors::Format;
using vectors::FormatTest;
using vectors::NameOf;
using vectors::Values;
using vectors::Vector;

// As the files have a limit that they leave to the server.
std::string Limit(uint32_t value, uint32_t otherwise) {
  return value == otherwise ? "" : std::to_string(value);
}

absl::StatusOr<Values> RunChapterFile(const Vector& vector) {
  const auto bytes = crypto::FromHex(vector.at("file"));
  const auto file = ParseChapterFile(crypto::AsText(bytes));
  if (!file.ok()) return file.status();
  const rpc::CallLimits own;
  return Values{{"id", text::EncodeBase32(file->info.id.bytes)},
                {"name", file->info.name},
                {"country", file->info.country},
                {"listen", file->listen},
                {"address", file->info.address},
                {"calls_at_once", Limit(file->limits.at_once, own.at_once)},
                {"streams_at_once",
                 Limit(file->limits.streams_at_once, own.streams_at_once)},
                {"per_second", Limit(file->limits.per_second, own.per_second)}};
}

// A connection that brings some bytes and ends.
class Connection final {
 public:
  explicit Connection(const std::string& hex) {
    const auto bytes = crypto::FromHex(hex);
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0);
    EXPECT_EQ(::send(ends_[0], bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
    ::shutdown(ends_[0], SHUT_WR);
  }
  ~Connection() {
    for (const int end : ends_) ::close(end);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int socket() const { return ends_[1]; }

 private:
  std::array<int, 2> ends_{};
};

absl::StatusOr<Values> RunRequest(const Vector& vector) {
  const Connection connection(vector.at("request"));
  const auto request = ReceiveRequest(connection.socket());
  if (!request.ok()) return request.status();
  return Values{
      {"kind", std::to_string(static_cast<int>(request->kind))},
      {"payload",
       crypto::ToHex(request->payload.Expose(crypto::AllowSecretAccess()))}};
}

absl::StatusOr<Values> RunAnswer(const Vector& vector) {
  const Connection connection(vector.at("answer"));
  const auto answer = ReceiveAnswer(connection.socket());
  if (!answer.ok()) return answer.status();
  return Values{{"exit", std::to_string(static_cast<int>(answer->exit))},
                {"message", answer->message},
                {"hint", answer->hint}};
}

INSTANTIATE_TEST_SUITE_P(
    Server, FormatTest,
    testing::Values(Format{.folder = "chapter-file",
                           .run = RunChapterFile,
                           .bytes = "file",
                           .refusals = {absl::StatusCode::kInvalidArgument},
                           .authenticated = false},
                    Format{.folder = "control-request",
                           .run = RunRequest,
                           .bytes = "request",
                           .refusals = {absl::StatusCode::kInvalidArgument,
                                        absl::StatusCode::kUnavailable},
                           .authenticated = false},
                    Format{.folder = "control-answer",
                           .run = RunAnswer,
                           .bytes = "answer",
                           .refusals = {absl::StatusCode::kInvalidArgument,
                                        absl::StatusCode::kUnavailable},
                           .authenticated = false}),
    NameOf);

}  // namespace
}  // namespace sodality::app
