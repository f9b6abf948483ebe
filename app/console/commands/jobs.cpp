// SPDX-License-Identifier: GPL-3.0-or-later
// Background jobs: jobs, wait, fg, bg.
#include "console/jobs.h"

#include "base/text.h"
#include "console/interpreter.h"

namespace console {
namespace {

int runJobsList(Call& call) {
  runJobs(call.machine, call.state, call.interpreter.history());
  const auto& jobs = call.state.jobs;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const bool over = jobs[i].endsMs >= 0 && jobs[i].endsMs <= call.world().now().ms;
    if (over) continue;  // said with the next prompt
    call.print(jobLine(jobs[i], i + 1 == jobs.size(), "Running"));
  }
  return 0;
}

// Lets a job run to its end, shows what it printed.
int finish(Call& call, const Job& which) {
  Job job = which;
  const std::int64_t took = finishJob(call.machine, call.state, job, call.interpreter.history());
  call.duration = call.duration + base::SimTime{took};
  const int code = job.exitCode;
  if (job.outputPath.empty()) {
    call.print(job.output);
  } else {
    call.state.files[job.outputPath] += job.output;
  }
  std::erase_if(call.state.jobs, [&](const Job& one) { return one.number == job.number; });
  return code;
}

int runWait(Call& call) {
  if (call.args.size() > 1) {
    int code = 0;
    for (std::size_t i = 1; i < call.args.size(); ++i) {
      const Job* job = findJob(call.state, call.args[i]);
      if (job == nullptr) {
        code = call.failAsShell(call.args[i] + ": no such job", 127);
        continue;
      }
      code = finish(call, *job);
    }
    return code;
  }
  // All of them at once: the longest counts.
  base::SimTime longest;
  const base::SimTime before = call.duration;
  while (!call.state.jobs.empty()) {
    call.duration = before;
    const Job job = call.state.jobs.front();
    finish(call, job);
    if (call.duration.ms - before.ms > longest.ms) {
      longest = base::SimTime{call.duration.ms - before.ms};
    }
  }
  call.duration = before + longest;
  return 0;
}

int runForeground(Call& call) {
  const Job* job = findJob(call.state, call.args.size() > 1 ? call.args[1] : "");
  if (job == nullptr) {
    return call.failAsShell((call.args.size() > 1 ? call.args[1] : std::string("current")) +
                            ": no such job");
  }
  call.print(job->command + "\n");
  return finish(call, *job);
}

int runBackground(Call& call) {
  const Job* job = findJob(call.state, call.args.size() > 1 ? call.args[1] : "");
  if (job == nullptr) {
    return call.failAsShell((call.args.size() > 1 ? call.args[1] : std::string("current")) +
                            ": no such job");
  }
  return call.failAsShell("job " + std::to_string(job->number) + " already in background");
}

constexpr Command kCommands[] = {
    {"bg", "bg [%JOB]", "let a stopped job go on", runBackground},
    {"fg", "fg [%JOB]", "wait for a background job, with its output", runForeground},
    {"jobs", "jobs", "commands that run in the background", runJobsList},
    {"wait", "wait [%JOB...]", "until background jobs are done", runWait}};

}  // namespace

std::span<const Command> jobCommands() {
  return kCommands;
}

}  // namespace console
