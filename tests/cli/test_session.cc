#include "tests/cli/test_session.h"

#include <utility>

#include "client/include/sodality/error_info.h"

namespace sodality::cli {

absl::StatusOr<std::string> FakeTerminal::Ask(const std::string& question) {
  questions.push_back(question);
  if (answers.empty()) return absl::CancelledError("no answer");
  std::string answer = answers.front();
  answers.pop_front();
  return answer;
}

absl::StatusOr<crypto::SecretBuffer> FakeTerminal::AskSecret(
    const std::string& question) {
  const auto answer = Ask(question);
  if (!answer.ok()) return answer.status();
  return crypto::SecretBuffer::CopyOf(crypto::AsBytes(*answer));
}

nlohmann::json Result::ErrorJson() const {
  const std::string text = err.substr(0, err.size() - 1);
  return nlohmann::json::parse(text.substr(text.rfind('\n') + 1));
}

CliTest::CliTest() = default;

Result CliTest::Run(const std::vector<std::string>& args) {
  std::istringstream in(in_);
  std::ostringstream out;
  std::ostringstream err;
  Environment environment = {
      in,
      out,
      one_stream_ ? out : err,
      terminal_,
      clock_,
      [this](Session&) -> absl::StatusOr<std::shared_ptr<Connection>> {
        if (!connect_.ok()) return connect_;
        return std::shared_ptr<Connection>(server_);
      },
      [this](Session&) -> absl::StatusOr<std::unique_ptr<Memory>> {
        auto memory = std::make_unique<FakeMemory>();
        memory->advance = advance_;
        return std::unique_ptr<Memory>(std::move(memory));
      },
      [this](Session&) -> absl::StatusOr<Approver> {
        return Approver(kTestChapter, {}, approval_key_);
      },
      pending_};
  const int exit = cli::Run(args, environment);
  return {exit, out.str(), err.str()};
}

std::vector<SchemaField> SmallSchema() {
  return {{"given_name", "basic", "name", false, true, true},
          {"committees", "basic", "tag", true, true, false},
          {"phone", "contact", "phone", false, true, true}};
}

absl::Status Refusal(absl::StatusCode code, const std::string& message,
                     const std::string& reason) {
  return MakeError(code, message, {.reason = reason});
}

}  // namespace sodality::cli
