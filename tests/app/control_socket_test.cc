#include "server/app/control_socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string>

#include "tests/scratch.h"

namespace sodality::app {
namespace {

class Echo final : public ControlHandler {
 public:
  Outcome Handle(const ControlRequest& request) override {
    return {ExitCode::kSealed,
            std::string(crypto::AsText(
                request.payload.Expose(crypto::AllowSecretAccess()))),
            {}};
  }
};

ControlRequest Passphrase(std::string text) {
  return {ControlKind::kUnsealPassphrase,
          crypto::SecretBytes::FromString(std::move(text))};
}

TEST(ControlSocketTest, CarriesRequestAndAnswer) {
  const Scratch scratch;
  Echo echo;
  const auto socket = ControlSocket::Listen(DataFolder(scratch.path()), echo);
  ASSERT_TRUE(socket.ok()) << socket.status();
  for (const std::string& text : {std::string("hello"), std::string()}) {
    const auto answer = AskServer(DataFolder(scratch.path()), Passphrase(text));
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->exit, ExitCode::kSealed);
    EXPECT_EQ(answer->message, text);
  }
}

TEST(ControlSocketTest, IsForItsUserAlone) {
  const Scratch scratch;
  Echo echo;
  const auto socket = ControlSocket::Listen(DataFolder(scratch.path()), echo);
  ASSERT_TRUE(socket.ok());
  struct stat facts {};
  ASSERT_EQ(::stat((scratch / kControlSocket).c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

TEST(ControlSocketTest, WorksInAFolderOfALongName) {
  const Scratch scratch;
  const std::string folder = scratch / std::string(150, 'd');
  ASSERT_EQ(::mkdir(folder.c_str(), 0700), 0);
  Echo echo;
  const auto socket = ControlSocket::Listen(DataFolder(folder), echo);
  ASSERT_TRUE(socket.ok()) << socket.status();
  EXPECT_TRUE(AskServer(DataFolder(folder), Passphrase("x")).ok());
}

TEST(ControlSocketTest, ReplacesASocketThatWasLeft) {
  const Scratch scratch;
  scratch.Write(kControlSocket, "");
  Echo echo;
  const auto socket = ControlSocket::Listen(DataFolder(scratch.path()), echo);
  ASSERT_TRUE(socket.ok()) << socket.status();
  EXPECT_TRUE(AskServer(DataFolder(scratch.path()), Passphrase("x")).ok());
}

TEST(ControlSocketTest, NobodyThereIsSaid) {
  const Scratch scratch;
  EXPECT_EQ(AskServer(DataFolder(scratch.path()), {}).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(AskServer(DataFolder(scratch / "absent"), {}).status().code(),
            absl::StatusCode::kNotFound);
}

// ---- The frames

class ControlProtocolTest : public testing::Test {
 protected:
  ControlProtocolTest() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0);
  }
  ~ControlProtocolTest() override {
    for (const int end : ends_) ::close(end);
  }
  void SendBytes(std::string_view bytes) {
    ASSERT_EQ(::send(ends_[0], bytes.data(), bytes.size(), 0),
              static_cast<ssize_t>(bytes.size()));
    ::shutdown(ends_[0], SHUT_WR);
  }
  absl::StatusCode ReceivedCode() {
    return ReceiveRequest(ends_[1]).status().code();
  }

  std::array<int, 2> ends_{};
};

TEST_F(ControlProtocolTest, AnUnknownKindIsRefused) {
  SendBytes(std::string("\x09\0\0\0\0", 5));
  EXPECT_EQ(ReceivedCode(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ControlProtocolTest, AnAbsurdLengthIsRefusedUnread) {
  SendBytes("\x03\xff\xff\xff\xff");
  EXPECT_EQ(ReceivedCode(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ControlProtocolTest, ABrokenFrameIsRefused) {
  SendBytes(std::string("\x03\0\0\0\x05xy", 7));
  EXPECT_EQ(ReceivedCode(), absl::StatusCode::kUnavailable);
}

TEST_F(ControlProtocolTest, NothingAtAllIsRefused) {
  SendBytes("");
  EXPECT_EQ(ReceivedCode(), absl::StatusCode::kUnavailable);
}

TEST_F(ControlProtocolTest, TooLongARequestIsNotSent) {
  EXPECT_EQ(SendRequest(ends_[0], Passphrase(std::string(5000, 'x'))).code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace sodality::app
