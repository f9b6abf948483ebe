// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenario/file_bytes.h"

#include <filesystem>
#include <fstream>
#include <system_error>

namespace scenario {

FileBytes readFileBytes(const std::string& path, std::size_t maximum) {
  FileBytes result;
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    result.found =
        error && error != std::errc::no_such_file_or_directory ? error.message() : "no such file";
    result.expected = "a file that can be read";
    return result;
  }
  if (!std::filesystem::is_regular_file(status)) {
    result.found =
        std::filesystem::is_directory(status) ? "a directory" : "something that is no file";
    result.expected = "a file";
    return result;
  }
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size > maximum) {
    result.found = error ? error.message() : std::to_string(size) + " bytes";
    result.expected = "a file of at most " + std::to_string(maximum >> 20) + " MiB";
    return result;
  }
  std::ifstream stream(path, std::ios::binary);
  result.bytes.resize(static_cast<std::size_t>(size));
  stream.read(result.bytes.data(), static_cast<std::streamsize>(size));
  if (!stream || stream.gcount() != static_cast<std::streamsize>(size)) {
    result.bytes.clear();
    result.found = "a file that cannot be read";
    result.expected = "a file that can be read";
    return result;
  }
  result.ok = true;
  return result;
}

}  // namespace scenario
