// sample_roster [MEMBERS [SEED]]: a roster of invented people as CSV on
// standard output. Default: 300 people of seed 1.
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "samples/people.h"

namespace {

// No cell of an invented person holds a quotation mark.
void PutCell(std::string_view cell, bool last = false) {
  const bool quote = cell.find_first_of(",\n") != std::string_view::npos;
  if (quote) std::cout << '"';
  std::cout << cell;
  if (quote) std::cout << '"';
  std::cout << (last ? "\r\n" : ",");
}

void PutPerson(const sodality::samples::Person& p) {
  for (const std::string* cell :
       {&p.external_id, &p.given_name, &p.family_name, &p.pronouns, &p.email,
        &p.phone, &p.street, &p.city, &p.state, &p.postal_code, &p.region,
        &p.committees, &p.languages, &p.skills, &p.stage, &p.joined,
        &p.consent_call}) {
    PutCell(*cell);
  }
  PutCell(p.notes, /*last=*/true);
}

// 0 when the argument is no positive number.
uint64_t NumberOf(const char* argument) {
  char* end = nullptr;
  const uint64_t number = std::strtoull(argument, &end, 10);
  return *end == '\0' ? number : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const uint64_t members = argc > 1 ? NumberOf(argv[1]) : 300;
  const uint64_t seed = argc > 2 ? NumberOf(argv[2]) : 1;
  if (members == 0 || seed == 0 || argc > 3) {
    std::cerr << "usage: sample_roster [MEMBERS [SEED]]\n";
    return 2;
  }
  std::cout << "external_id,first_name,last_name,pronouns,email,phone,street,"
               "city,state,zip,region,committees,languages,skills,stage,"
               "joined,consent_call,notes\r\n";
  for (uint64_t i = 0; i < members; ++i) {
    PutPerson(sodality::samples::MakePerson(seed, i));
  }
  return std::cout.flush() ? 0 : 1;
}
