#include "client/cli/run.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "client/cli/commands.h"
#include "client/cli/help.h"
#include "client/cli/json.h"
#include "client/cli/named_file.h"
#include "client/cli/parser.h"
#include "client/cli/suggest.h"
#include "text/utf8.h"

namespace sodality::cli {
namespace {

struct Outcome {
  absl::StatusOr<ExitCode> code;
  std::string printed;
  std::string noted;
};

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void PrintError(const absl::Status& status, bool json,
                Environment& environment) {
  if (json) {
    environment.err << ErrorJson(status) << std::flush;
    return;
  }
  const ErrorInfo info = GetErrorInfo(status);
  environment.err << "sodality: error: "
                  << text::Printable(std::string(status.message())) << "\n";
  std::string hint = info.hint;
  if (!info.retry_at.empty() && !Contains(hint, info.retry_at)) {
    hint += (hint.empty() ? "" : "; ") + ("possible again at " + info.retry_at);
  }
  if (!hint.empty()) {
    environment.err << "sodality: hint: " << text::Printable(hint) << "\n";
  }
  environment.err << std::flush;
}

// What a line calls what an error calls `field`: "--until" of "until",
// "--member" or "MEMBER" of "member_id". A member's own fields are called what
// they are, unless the line has one for an option.
std::string NameInLine(const std::string& field, const CommandSpec& command,
                       const std::vector<std::string>& words) {
  const std::string option = "--" + field;
  for (const std::string& word : words) {
    if (word == option || word.starts_with(option + "=")) return option;
  }
  std::string bare = field.substr(0, field.rfind("_id"));
  for (const OptionSpec& spec : command.options) {
    if (spec.name == bare) return "--" + bare;
  }
  for (char& c : bare) c = static_cast<char>(std::toupper(c));
  for (const PositionalSpec& spec : command.positionals) {
    if (spec.name == bare) return bare;
  }
  return field;
}

// A field that the server does not know: which one may have been meant, or
// which option, where the line has it for one.
absl::Status WithNearestField(absl::Status status, const Invocation& invocation,
                              Session& session) {
  ErrorInfo info = GetErrorInfo(status);
  const bool unknown = info.reason == "UNKNOWN_FIELD" && !info.field.empty();
  if (!unknown || !session.is_connected()) return status;
  const auto client = session.Connected();
  const auto schema = client->GetSchema();
  if (!schema.ok()) return status;
  const CommandSpec& command = *invocation.path.back();
  const std::string typed = NameInLine(info.field, command, invocation.words);
  const bool option = typed.starts_with("--");
  std::vector<std::string> names;
  if (option) names = OptionNames(command);
  for (const SchemaField& field : *schema) {
    names.push_back((option ? "--" : "") + field.name);
  }
  const std::string nearest = Nearest(typed, names);
  if (!nearest.empty()) info.hint = "did you mean " + nearest + "?";
  return WithErrorInfo(std::move(status), info);
}

// Whether the message names the field already; "telephone" does not "phone".
bool Names(const std::string& message, const std::string& field) {
  const size_t at = message.find(field);
  return at != std::string::npos &&
         (at == 0 || message[at - 1] == ' ' || message[at - 1] == '(');
}

// "phone: too short": the server's message says what, its detail where. About
// the words of a search the message says enough.
absl::Status WithFieldName(absl::Status status, const Invocation& invocation) {
  const ErrorInfo info = GetErrorInfo(status);
  const std::string message(status.message());
  const bool about_field =
      info.reason == "UNKNOWN_FIELD" || info.reason == "INVALID_VALUE";
  if (!about_field || info.field.empty() || info.field == "words" ||
      Names(message, info.field)) {
    return status;
  }
  const std::string name =
      NameInLine(info.field, *invocation.path.back(), invocation.words);
  return MakeError(status.code(), name + ": " + message, info);
}

std::string PathName(const std::vector<const CommandSpec*>& path) {
  std::string name;
  for (const CommandSpec* command : path) {
    name += (name.empty() ? "" : " ") + command->name;
  }
  return name;
}

// What an admin alone does.
bool IsForAdmins(const Invocation& invocation) {
  constexpr std::array<std::string_view, 7> kNames = {
      "invite", "principal", "device", "grant", "keys", "backup", "approval"};
  return std::any_of(invocation.path.begin(), invocation.path.end(),
                     [&](const CommandSpec* command) {
                       return std::ranges::find(kNames, command->name) !=
                              kNames.end();
                     });
}

Outcome RunCommand(const Invocation& invocation, Session& session) {
  auto code = invocation.path.back()->handler(invocation.arguments, session);
  if (!code.ok()) {
    return {WithFieldName(WithNearestField(code.status(), invocation, session),
                          invocation),
            "", session.noted()};
  }
  const auto& note_pending = session.environment().pending;
  if (note_pending && session.is_connected() && IsForAdmins(invocation)) {
    note_pending(session);
  }
  return {code, session.printed(), session.noted()};
}

// The API's texts are UTF-8; what is none would not even be sent.
absl::Status CheckUtf8(const std::vector<std::string>& args) {
  if (std::all_of(args.begin(), args.end(), text::IsValidUtf8)) {
    return absl::OkStatus();
  }
  return MakeError(
      absl::StatusCode::kInvalidArgument, "an argument is not UTF-8",
      {.reason = "INVALID_VALUE", .hint = "the terminal must be set to UTF-8"});
}

Outcome Execute(const std::vector<std::string>& args,
                Environment& environment) {
  const absl::Status readable = CheckUtf8(args);
  if (!readable.ok()) return {readable, "", ""};
  auto global = TakeGlobalOptions(args);
  if (!global.ok()) return {global.status(), "", ""};
  const CommandSpec& root = SodalityCommand();
  std::vector<std::string> rest = std::move(global->rest);
  // What people try first.
  if (rest.size() == 1 && rest[0] == "--version") rest[0] = "version";
  if (rest.empty() || rest[0] == "help") {
    rest.erase(rest.begin(), rest.begin() + (rest.empty() ? 0 : 1));
    rest.push_back("--help");
  }
  const auto invocation = Parse(root, rest);
  if (!invocation.ok()) return {invocation.status(), "", ""};
  if (invocation->wants_help) {
    const CommandSpec& command =
        invocation->path.empty() ? root : *invocation->path.back();
    return {ExitCode::kOk, HelpText(PathName(invocation->path), command), ""};
  }
  Session session(std::move(global->options), environment);
  return RunCommand(*invocation, session);
}

}  // namespace

int Run(const std::vector<std::string>& args, Environment& environment) {
  const Outcome outcome = Execute(args, environment);
  if (!outcome.code.ok()) {
    environment.err << outcome.noted;
    PrintError(outcome.code.status(), WantsJson(args), environment);
    return static_cast<int>(ExitCodeOf(outcome.code.status()));
  }
  environment.out << outcome.printed << std::flush;
  environment.err << outcome.noted << std::flush;
  if (!environment.out) {
    PrintError(CannotWrite("standard output"), WantsJson(args), environment);
    return static_cast<int>(ExitCode::kFailed);
  }
  return static_cast<int>(*outcome.code);
}

}  // namespace sodality::cli
