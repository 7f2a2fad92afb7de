// quickstart FOLDER WORD...: opens the profile in FOLDER, which `sodality join`
// made, and prints whom the words find.
#include <sodality/client.h>
#include <sodality/connect.h>
#include <sodality/connect_profile.h>
#include <sodality/error_info.h>

#include <iostream>
#include <string>
#include <vector>

#include "find_people.h"

namespace {

absl::Status Run(const std::string& folder,
                 const std::vector<std::string>& words) {
  auto connection = sodality::ConnectProfile(folder);
  if (!connection.ok()) return connection.status();
  return FindPeople(sodality::Client(*std::move(connection)), words, std::cout);
}

// The message says what happened, the hint what the person can do about it.
int Report(const absl::Status& status) {
  if (status.ok()) return 0;
  const sodality::ErrorInfo info = sodality::GetErrorInfo(status);
  std::cerr << "quickstart: error: " << status.message() << '\n';
  if (!info.hint.empty())
    std::cerr << "quickstart: hint: " << info.hint << '\n';
  if (!info.retry_at.empty()) {
    std::cerr << "quickstart: not before " << info.retry_at << '\n';
  }
  return static_cast<int>(sodality::ExitCodeOf(status));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: quickstart FOLDER WORD...\n";
    return static_cast<int>(sodality::ExitCode::kUsage);
  }
  sodality::SilenceTransportLog();
  return Report(Run(argv[1], std::vector<std::string>(argv + 2, argv + argc)));
}
