// What commands there are, as data: the parser, the help, the man page and the
// completions are all made from it. Read next: parser.h, session.h.
#ifndef SODALITY_CLIENT_CLI_COMMAND_H_
#define SODALITY_CLIENT_CLI_COMMAND_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "client/include/sodality/error_info.h"

namespace sodality::cli {

class Arguments;
class Session;

// Does what the command says. kOk, kPartial or kWaiting; anything else is a
// status.
using Handler = absl::StatusOr<ExitCode> (*)(const Arguments&, Session&);

enum class Takes {
  kNothing,  // a flag
  kOne,      // the last one given counts
  kEach,     // one value, and the option may be repeated
  kSeveral,  // one or more values, and the option may be repeated
};

struct OptionSpec {
  std::string name;   // without dashes
  std::string value;  // as help shows it: "FILE"
  std::string help;
  Takes takes = Takes::kOne;
  bool required = false;
};

// Words without dashes, in order; only the last may take several.
struct PositionalSpec {
  std::string name;  // as help shows it: "MEMBER"
  std::string help;
  Takes takes = Takes::kOne;  // kOne or kSeveral
  bool required = true;
};

struct CommandSpec {
  std::string name;
  std::string summary;  // lower case, no full stop
  std::string details;  // sentences, may be empty
  std::vector<std::string> examples;
  std::vector<OptionSpec> options;
  std::vector<PositionalSpec> positionals;
  std::vector<CommandSpec> subcommands;
  Handler handler = nullptr;  // null: a subcommand is needed
  // `--FIELD VALUE` is short for `--where FIELD=VALUE` where no option is
  // called so.
  bool field_options = false;
};

// Options that every command takes, before or after its name.
const std::vector<OptionSpec>& GlobalOptionSpecs();

// What was given to one command. A value.
class Arguments final {
 public:
  using Values = std::map<std::string, std::vector<std::string>, std::less<>>;

  Arguments() = default;
  explicit Arguments(Values values) : values_(std::move(values)) {}

  // Options by name, positionals by the name that help shows.
  [[nodiscard]] bool Has(std::string_view name) const;
  // Empty when not given.
  [[nodiscard]] const std::string& One(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& Many(
      std::string_view name) const;

 private:
  Values values_;
};

}  // namespace sodality::cli

#endif  // SODALITY_CLIENT_CLI_COMMAND_H_
