// Looks people up by words of their names.
#ifndef SODALITY_EXAMPLES_QUICKSTART_FIND_PEOPLE_H_
#define SODALITY_EXAMPLES_QUICKSTART_FIND_PEOPLE_H_

#include <sodality/client.h>

#include <ostream>
#include <string>
#include <vector>

// A line for each member found, with the fields of class basic.
absl::Status FindPeople(const sodality::Client& client,
                        const std::vector<std::string>& words,
                        std::ostream& out);

#endif  // SODALITY_EXAMPLES_QUICKSTART_FIND_PEOPLE_H_
