// JSON as the programs print it: one line.
#ifndef SODALITY_SERVER_APP_JSON_LINE_H_
#define SODALITY_SERVER_APP_JSON_LINE_H_

#include <nlohmann/json.hpp>
#include <string>

namespace sodality::app {

// Without the line's end. What is not UTF-8, such as the path that somebody
// gave, has replacement characters.
std::string JsonLine(const nlohmann::ordered_json& json);

}  // namespace sodality::app

#endif  // SODALITY_SERVER_APP_JSON_LINE_H_
