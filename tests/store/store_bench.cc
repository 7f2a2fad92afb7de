// Prints what the SQLCipher store does on this machine: import, exact and word
// search, reads. `store_bench [MEMBERS] [FOLDER]`; a figure, not a test.
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "platform/mutex.h"
#include "server/store/sqlcipher/sqlcipher_store.h"

namespace sodality::store {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr size_t kSealedBytes = 1200;
constexpr size_t kMembersPerWrite = 1000;
constexpr int kOutstanding = 8;

double SecondsSince(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

// Of the whole process: says what a figure costs where others are at work too.
double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) +
         static_cast<double>(time.tv_nsec) / 1e9;
}

class Roster {
 public:
  explicit Roster(size_t members) : members_(members) {}

  PutMember Next() {
    PutMember put;
    for (uint8_t& byte : put.id.bytes) byte = static_cast<uint8_t>(random_());
    put.wrap_version = 1;
    put.sealed.assign(kSealedBytes, static_cast<uint8_t>(random_()));
    for (uint16_t slot = 0; slot < 15; ++slot)
      put.tokens.push_back(Token(slot));
    return put;
  }

  // Slots 0 to 3 are exact, 4 to 11 words and prefixes, 12 to 14 tags.
  IndexToken Token(uint16_t slot) {
    const double n = static_cast<double>(members_);
    const double values = slot < 4 ? n / 4 : slot < 12 ? 2 * std::sqrt(n) : 50;
    return {1, slot,
            static_cast<uint32_t>(random_() % static_cast<uint64_t>(values))};
  }

 private:
  size_t members_;
  std::mt19937_64 random_{20251126};
};

// Lets `kOutstanding` writes be on their way.
class Window {
 public:
  void Enter() {
    const platform::MutexLock lock(mutex_);
    while (out_ == kOutstanding) left_.Wait(mutex_);
    ++out_;
  }
  void Leave() {
    {
      const platform::MutexLock lock(mutex_);
      --out_;
    }
    left_.NotifyAll();
  }
  void Drain() {
    const platform::MutexLock lock(mutex_);
    while (out_ != 0) left_.Wait(mutex_);
  }

 private:
  platform::Mutex mutex_;
  platform::CondVar left_;
  int out_ SODALITY_GUARDED_BY(mutex_) = 0;
};

std::vector<MemberId> Import(SqlcipherStore& store, size_t members) {
  Roster roster(members);
  Window window;
  std::vector<MemberId> ids;
  auto start = SteadyClock::now();
  const auto begun = start;
  const double cpu = CpuSeconds();
  for (size_t at = 0; at < members; at += kMembersPerWrite) {
    Write write;
    write.outbox = {1};
    for (size_t i = 0; i < std::min(kMembersPerWrite, members - at); ++i) {
      write.put_members.push_back(roster.Next());
      ids.push_back(write.put_members.back().id);
    }
    window.Enter();
    store.Submit(std::move(write), [&](const absl::StatusOr<Revision>& done) {
      if (!done.ok()) std::printf("%s\n", done.status().ToString().c_str());
      window.Leave();
    });
    if ((at + kMembersPerWrite) % (members / 5) == 0) {
      std::printf("  import at %zu: %.0f members/s\n", at + kMembersPerWrite,
                  static_cast<double>(members / 5) / SecondsSince(start));
      start = SteadyClock::now();
    }
  }
  window.Drain();
  const double count = static_cast<double>(members);
  std::printf("import of %zu: %.0f members/s, %.1f us of processor each\n",
              members, count / SecondsSince(begun),
              (CpuSeconds() - cpu) * 1e6 / count);
  return ids;
}

void Measure(const char* what, int times, const std::function<size_t()>& read) {
  std::vector<double> micros;
  size_t rows = 0;
  for (int i = 0; i < times; ++i) {
    const auto start = SteadyClock::now();
    rows += read();
    micros.push_back(SecondsSince(start) * 1e6);
  }
  std::sort(micros.begin(), micros.end());
  std::printf("%-22s median %7.1f us  p99 %7.1f us  rows %.1f\n", what,
              micros[micros.size() / 2], micros[micros.size() * 99 / 100],
              static_cast<double>(rows) / times);
}

void MeasureWrites(SqlcipherStore& store, size_t members) {
  Roster roster(members);
  Measure("durable write, alone", 1000, [&] {
    Write write;
    write.outbox = {1};
    write.put_members.push_back(roster.Next());
    write.put_members.back().id.bytes[15] ^= 1;
    write.put_members.back().id.bytes[0] ^= 0x55;
    Window window;
    window.Enter();
    store.Submit(std::move(write), [&](const auto&) { window.Leave(); });
    window.Drain();
    return 1;
  });
}

void Run(const std::string& path, size_t members) {
  SqlcipherStore::Options options;
  const std::vector<uint8_t> key(48, 7);
  options.path = path;
  options.key = key;
  options.create = true;
  auto store = SqlcipherStore::Open(options);
  if (!store.ok()) {
    std::printf("%s\n", store.status().ToString().c_str());
    return;
  }
  const std::vector<MemberId> ids = Import(**store, members);
  std::mt19937_64 random(7);
  Roster roster(members);
  const auto find = [&](std::initializer_list<uint16_t> slots) {
    TokenQuery query;
    for (const uint16_t slot : slots)
      query.all_of.push_back({roster.Token(slot)});
    const auto found = (*store)->Find(query, std::nullopt, 20);
    return found.ok() ? found->size() : 0;
  };
  Measure("get", 20000, [&] {
    return (*store)->Get(ids[random() % ids.size()]).ok() ? 1u : 0u;
  });
  Measure("find exact", 20000, [&] { return find({0}); });
  Measure("find word", 5000, [&] { return find({4}); });
  Measure("find two words", 5000, [&] { return find({4, 5}); });
  Measure("find word and tag", 5000, [&] { return find({4, 12}); });
  Measure("find tag", 2000, [&] { return find({12}); });
  MeasureWrites(**store, members);
}

}  // namespace
}  // namespace sodality::store

int main(int argc, char** argv) {
  const size_t members = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100000;
  const std::string folder = argc > 2 ? argv[2] : "/tmp";
  const std::string path = folder + "/store_bench.db";
  for (const char* end : {"", "-wal", "-shm"}) unlink((path + end).c_str());
  sodality::store::Run(path, members);
  for (const char* end : {"", "-wal", "-shm"}) unlink((path + end).c_str());
  return 0;
}
