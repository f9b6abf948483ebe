// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "drill/run_file.h"
#include "drill/run_text.h"

namespace drill {

namespace {

// Callers append about once a frame, so this is about once a second. A killed program loses nothing
// of what was written; only a power cut can take what was not flushed.
constexpr int kAppendsPerFlush = 60;

base::Error failure(const std::string& path, const std::string& doing) {
  return {"cannot-write", path, path + ": cannot " + doing + ": " + std::strerror(errno)};
}

bool writeAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// A new name is safe only once its folder is on disk.
void flushFolderOf(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

// Empty, or why run is not the continuation of record.
std::string unlike(const RunRecord& record, const Run& run) {
  if (record.ended) return "the run in it has ended";
  if (record.scenarioHash != run.scenario().hash) return "it records another scenario";
  if (record.key.seed != run.key().seed || record.key.mode != run.startKey().mode) {
    return "it records another run";
  }
  if (run.now() < record.reached) return "it goes on further than the run to be written";
  const auto& journal = run.journal();
  const bool same =
      record.actions.size() <= journal.size() &&
      std::equal(record.actions.begin(), record.actions.end(), journal.begin(),
                 [](const sim::TimedAction& timed, const Entry& e) { return timed == e.timed; });
  return same ? std::string() : "its actions are not those of the run to be written";
}

std::string contentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

struct RunWriter::Private {
  int descriptor = -1;
  std::string path;
  RunCursor cursor;
  bool ended = false;
  bool unflushed = false;
  int appends = 0;

  base::Result<> write(const std::string& text) {
    if (!text.empty()) {
      if (!writeAll(descriptor, text)) return failure(path, "be written");
      unflushed = true;
    }
    if (++appends >= kAppendsPerFlush && unflushed) return flush();
    return base::Nothing{};
  }
  base::Result<> flush() {
    appends = 0;
    unflushed = false;
    if (::fdatasync(descriptor) != 0 && errno != EINVAL) return failure(path, "be flushed");
    return base::Nothing{};
  }
};

RunWriter::RunWriter() : d(std::make_unique<Private>()) {}

RunWriter::~RunWriter() {
  if (d->descriptor < 0) return;
  if (d->unflushed) ::fdatasync(d->descriptor);
  ::close(d->descriptor);
}

const std::string& RunWriter::path() const {
  return d->path;
}

base::Result<std::shared_ptr<RunWriter>> RunWriter::create(const std::string& path,
                                                           const Run& run) {
  const std::shared_ptr<RunWriter> writer(new RunWriter());
  writer->d->path = path;
  writer->d->descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
  if (writer->d->descriptor < 0) return failure(path, "be created");
  ::flock(writer->d->descriptor, LOCK_EX | LOCK_NB);
  if (auto written = writer->d->write(headerLine(run) + newLines(run, writer->d->cursor));
      !written.ok()) {
    return written.error();
  }
  if (auto flushed = writer->d->flush(); !flushed.ok()) return flushed.error();
  flushFolderOf(path);
  return writer;
}

base::Result<std::shared_ptr<RunWriter>> RunWriter::resume(const std::string& path,
                                                           const Run& run) {
  const std::shared_ptr<RunWriter> writer(new RunWriter());
  writer->d->path = path;
  writer->d->descriptor = ::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
  if (writer->d->descriptor < 0) return failure(path, "be opened");
  if (::flock(writer->d->descriptor, LOCK_EX | LOCK_NB) != 0) {
    return base::Error{"in-use", path, path + ": another program is writing this run"};
  }
  const std::string text = contentOf(path);
  const auto record = readRunText(text, path);
  if (!record.ok()) return record.error();
  if (const std::string fault = unlike(record.value(), run); !fault.empty()) {
    return base::Error{"other-run", path, path + ": cannot be continued: " + fault};
  }
  const auto whole = static_cast<off_t>(text.rfind('\n') + 1);
  if (::ftruncate(writer->d->descriptor, whole) != 0) return failure(path, "be shortened");
  writer->d->cursor = {record.value().actions.size(), record.value().minutes.size(),
                       record.value().reached};
  if (auto appended = writer->append(run); !appended.ok()) return appended.error();
  return writer;
}

base::Result<> RunWriter::append(const Run& run) {
  const RunCursor& cursor = d->cursor;
  if (run.journal().size() < cursor.entries || run.now() < cursor.reached) {
    return base::Error{"rewound", d->path, d->path + ": a rewound run needs a file of its own"};
  }
  const bool same = run.journal().size() == cursor.entries && run.now() == cursor.reached;
  if (d->ended && !same) {
    return base::Error{"ended", d->path, d->path + ": the run in this file has ended"};
  }
  return d->write(same ? std::string() : newLines(run, d->cursor));
}

base::Result<> RunWriter::finish(const Run& run) {
  if (auto appended = append(run); !appended.ok()) return appended.error();
  if (d->ended) return base::Nothing{};
  if (auto written = d->write(endLines(run, d->cursor)); !written.ok()) return written.error();
  d->ended = true;
  return d->flush();
}

base::Result<> writeFileSafely(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new-" + std::to_string(::getpid());
  const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return failure(fresh, "be created");
  const bool written = writeAll(descriptor, text) && ::fsync(descriptor) == 0;
  const int fault = errno;
  ::close(descriptor);
  if (!written || ::rename(fresh.c_str(), path.c_str()) != 0) {
    if (!written) errno = fault;
    base::Error error = failure(path, "be written");
    ::unlink(fresh.c_str());
    return error;
  }
  flushFolderOf(path);
  return base::Nothing{};
}

}  // namespace drill
