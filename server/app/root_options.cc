#include "server/app/root_options.h"

#include <vector>

namespace sodality::app {
namespace {

// The options by which a root key is named; of two none goes with the other.
std::vector<CLI::Option*> AddRoot(CLI::App& command, RootSource& root) {
  auto* key =
      command.add_option("--root-key", root.key_file, "File of the root key")
          ->type_name("FILE");
  auto* passphrase = command
                         .add_option("--passphrase-file", root.passphrase_file,
                                     "File whose one line is the passphrase")
                         ->type_name("FILE");
  key->excludes(passphrase);
  return {key, passphrase};
}

}  // namespace

void AddShares(CLI::App& command, RootSource& root) {
  const auto others = AddRoot(command, root);
  auto* share = command
                    .add_option("--share", root.share_files,
                                "File of a share; repeated, once for each "
                                "share that it takes")
                    ->type_name("FILE")
                    ->expected(1)
                    ->take_all()
                    ->allow_extra_args(false);
  for (CLI::Option* other : others) share->excludes(other);
}

void AddNewShares(CLI::App& command, InitOptions& options) {
  const auto others = AddRoot(command, options.root);
  SharesPlan& plan = options.shares;
  auto* count = command
                    .add_option("--shares", plan.counts.count,
                                "Share the root key out among N people")
                    ->type_name("N");
  auto* threshold = command
                        .add_option("--threshold", plan.counts.threshold,
                                    "How many of the shares open the folder")
                        ->type_name("K");
  auto* folder = command
                     .add_option("--shares-out", plan.folder,
                                 "New or empty folder for the files of the "
                                 "shares")
                     ->type_name("DIR");
  count->needs(threshold)->needs(folder);
  threshold->needs(count);
  folder->needs(count);
  for (CLI::Option* other : others) count->excludes(other);
}

void AddOneShare(CLI::App& command, UnsealOptions& options) {
  const auto others = AddRoot(command, options.root);
  auto* share = command
                    .add_option("SHARE-FILE", options.share,
                                "File of a share; - reads standard input")
                    ->type_name("");
  for (CLI::Option* other : others) share->excludes(other);
}

}  // namespace sodality::app
