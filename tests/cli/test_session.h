// Runs commands in a process of their own making: streams are strings, the
// terminal answers what a test tells it, the server is a mock.
#ifndef SODALITY_TESTS_CLI_TEST_SESSION_H_
#define SODALITY_TESTS_CLI_TEST_SESSION_H_

#include <gmock/gmock.h>

#include <deque>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "client/cli/approver.h"
#include "client/cli/run.h"
#include "client/include/sodality/mock_connection.h"

namespace sodality::cli {

// 2026-11-26T18:00:00Z.
inline constexpr int64_t kNowMillis = 1'795'716'000'000;

inline constexpr crypto::Bytes16 kTestChapter = {1, 2, 3};

class FakeTerminal final : public Terminal {
 public:
  bool OutIsTerminal() const override { return out_is_terminal; }
  bool ErrIsTerminal() const override { return err_is_terminal; }
  bool Fancy() const override { return fancy; }
  std::size_t Columns() const override { return columns; }
  absl::StatusOr<std::string> Ask(const std::string& question) override;
  absl::StatusOr<crypto::SecretBuffer> AskSecret(
      const std::string& question) override;

  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool fancy = false;
  std::size_t columns = 80;
  std::deque<std::string> answers;
  std::vector<std::string> questions;
};

class FakeMemory final : public Memory {
 public:
  std::string address() const override { return "host:7700"; }
  std::string folder() const override { return "/profile"; }
  void Expect(LedgerChain* /*chain*/) const override {}
  absl::StatusOr<bool> Advance(const LedgerHead& /*head*/) override {
    if (!advance.ok()) return advance;
    return restored;
  }
  absl::Status advance;
  bool restored = false;
};

struct Result {
  int exit = 0;
  std::string out;
  std::string err;

  nlohmann::json Json() const { return nlohmann::json::parse(out); }
  // The last line of standard error.
  nlohmann::json ErrorJson() const;
};

class CliTest : public testing::Test {
 protected:
  CliTest();
  Result Run(const std::vector<std::string>& args);

  std::shared_ptr<testing::StrictMock<MockConnection>> server_ =
      std::make_shared<testing::StrictMock<MockConnection>>();
  FakeTerminal terminal_;
  platform::FakeClock clock_{{kNowMillis}};
  std::string in_;
  // As on a terminal: standard error goes to the same place, in order.
  bool one_stream_ = false;
  // What connecting answers instead of the mock, when not OK.
  absl::Status connect_;
  absl::Status advance_;
  // By which this device approves acts, of kTestChapter.
  const crypto::ApprovalKey approval_key_ =
      crypto::ApprovalKey::Generate(crypto::SystemRandom());
  std::function<void(Session&)> pending_;
};

// A valid id, for arguments.
inline constexpr char kId[] = "mfrggzdfmztwq2lknnwg23tpoa";

// The schema that the mock answers where a test needs one.
std::vector<SchemaField> SmallSchema();

absl::Status Refusal(absl::StatusCode code, const std::string& message,
                     const std::string& reason);

}  // namespace sodality::cli

#endif  // SODALITY_TESTS_CLI_TEST_SESSION_H_
