// Prints docs/man/sodality.1: build target `man_page`.
#include <iostream>

#include "client/cli/commands.h"
#include "client/cli/help.h"

int main() {
  std::cout << sodality::cli::ManPage(sodality::cli::SodalityCommand());
  return std::cout.flush() ? 0 : 1;
}
