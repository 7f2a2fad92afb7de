// The headers of the exports that chapters have, and what each column means.
#ifndef SODALITY_TESTS_CLIENT_ROSTER_KNOWN_EXPORTS_H_
#define SODALITY_TESTS_CLIENT_ROSTER_KNOWN_EXPORTS_H_

#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace sodality::roster {

using Header = std::vector<std::string>;

struct Export {
  const char* name;
  Header header;
  std::map<std::string, Header> fields;  // field -> columns, best first
  Header unmapped;
};

inline std::ostream& operator<<(std::ostream& out, const Export& source) {
  return out << source.name;
}

// Of what organisations keep their members in.
Export ActionNetwork();
Export NationBuilder();
Export CiviCrm();
Export CiviCrmByLocation();
Export SolidarityTech();
Export Dsa();

// Of address books.
Export GoogleContacts();
Export OldGoogleContacts();
Export Outlook();

}  // namespace sodality::roster

#endif  // SODALITY_TESTS_CLIENT_ROSTER_KNOWN_EXPORTS_H_
