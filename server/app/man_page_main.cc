// Prints docs/man/sodalityd.8: build target `sodalityd_man_page`.
#include <iostream>

#include "server/app/cli.h"

int main() {
  std::cout << sodality::app::ManPage();
  return std::cout.flush() ? 0 : 1;
}
