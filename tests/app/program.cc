#include "tests/app/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

extern char** environ;

namespace sodality::app {
namespace {

struct Pipe {
  Pipe() {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    read = ends[0];
    write = ends[1];
  }
  int read = -1;
  int write = -1;
};

pid_t Spawn(std::vector<std::string> words, int out, int err) {
  words.insert(words.begin(), SODALITYD);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, err, 2);
  // A session of its own: no terminal to ask at.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  pid_t pid = -1;
  EXPECT_EQ(::posix_spawn(&pid, SODALITYD, &actions, &attributes,
                          arguments.data(), environ),
            0);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

std::string Drain(int fd) {
  std::string text;
  char bytes[4096];
  ssize_t got = 0;
  while ((got = ::read(fd, bytes, sizeof bytes)) > 0) {
    text.append(bytes, static_cast<size_t>(got));
  }
  ::close(fd);
  return text;
}

int WaitFor(pid_t pid) {
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Ended RunProgram(const std::vector<std::string>& arguments) {
  const Pipe out;
  const Pipe err;
  const pid_t pid = Spawn(arguments, out.write, err.write);
  ::close(out.write);
  ::close(err.write);
  Ended ended;
  std::thread errors([&] { ended.err = Drain(err.read); });
  ended.out = Drain(out.read);
  errors.join();
  ended.exit = WaitFor(pid);
  return ended;
}

RunningServer::RunningServer(const std::vector<std::string>& arguments) {
  const Pipe out;
  std::vector<std::string> words = {"serve"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  pid_ = Spawn(words, out.write, /*err=*/2);
  ::close(out.write);
  out_ = out.read;
}

RunningServer::~RunningServer() {
  if (pid_ > 0) Stop(SIGKILL);
  ::close(out_);
}

std::string RunningServer::ReadLine() {
  std::string line;
  char byte = 0;
  while (::read(out_, &byte, 1) == 1 && byte != '\n') line.push_back(byte);
  return line;
}

int RunningServer::Stop(int signal) {
  ::kill(pid_, signal);
  const int exit = WaitFor(pid_);
  pid_ = -1;
  return exit;
}

}  // namespace sodality::app
