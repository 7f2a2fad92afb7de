// Invented members: the same seed gives the same people, on every machine.
// Telephone numbers come from the range that is kept for fiction (555-01xx)
// as long as it lasts; addresses are at example.org.
#ifndef SODALITY_SAMPLES_PEOPLE_H_
#define SODALITY_SAMPLES_PEOPLE_H_

#include <cstdint>
#include <string>

namespace sodality::samples {

struct Person {
  std::string external_id;
  std::string given_name;
  std::string family_name;
  std::string pronouns;
  std::string email;
  std::string phone;
  std::string street;
  std::string city;
  std::string state;
  std::string postal_code;
  std::string region;
  std::string committees;  // Separated by ';'.
  std::string languages;   // Likewise.
  std::string skills;      // Likewise.
  std::string stage;
  std::string joined;
  std::string consent_call;
  std::string notes;
};

// The `index`-th person (from 0) of the roster that `seed` names.
Person MakePerson(uint64_t seed, uint64_t index);

}  // namespace sodality::samples

#endif  // SODALITY_SAMPLES_PEOPLE_H_
