// docs/man/sodalityd.8, made from the program's own description of its
// commands.
#ifndef SODALITY_SERVER_APP_MAN_PAGE_H_
#define SODALITY_SERVER_APP_MAN_PAGE_H_

#include <CLI/App.hpp>
#include <string>

namespace sodality::app {

// The page of a program with these commands, in man(7)'s language.
std::string ManPageOf(const CLI::App& app);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_MAN_PAGE_H_
