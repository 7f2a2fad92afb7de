// A backup of a folder that no server runs on, and a chapter to make one of.
#ifndef SODALITY_TESTS_APP_PACKED_BACKUP_H_
#define SODALITY_TESTS_APP_PACKED_BACKUP_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "crypto/key.h"
#include "server/app/data_folder.h"
#include "server/core/backup/layout.h"
#include "server/core/chapter.h"
#include "tests/app/sodalityd_fixture.h"

namespace sodality::app {

// What is wrong with it on purpose, if anything.
struct Packing {
  std::function<void(core::BackupManifest&)> change_manifest;
  std::vector<std::string> left_out;
};
std::string PackFolder(const DataFolder& folder, const crypto::RootKey& root,
                       const Packing& packing = {});

// Ada's chapter with three members, and a backup of it.
class BackedUpFixture : public SodalitydFixture {
 protected:
  static constexpr uint64_t kMembers = 3;

  void SetUp() override;
  // Of the chapter in `folder`, to serve.
  std::unique_ptr<core::Chapter> OpenIn(const std::string& folder) const;
  crypto::RootKey Root() const;
  void Pack(const Packing& packing = {});

  std::vector<std::string> Restoring(std::vector<std::string> more = {}) const;
  std::vector<std::string> Verifying(std::vector<std::string> more = {}) const;
  // Names in the scratch folder, to see what was left behind.
  std::vector<std::string> Names() const;

  std::string backup_ = scratch_ / "backup";
  std::string restored_ = scratch_ / "restored";
  std::string invite_ = scratch_ / "noor.invite";
};

}  // namespace sodality::app

#endif  // SODALITY_TESTS_APP_PACKED_BACKUP_H_
