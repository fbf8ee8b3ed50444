// Parses a command line with CLI11 into Options.
// The only file that includes CLI11, which takes seconds to compile.
#include "Choice.h"
#include "Commands.h"
#include "Exit.h"
#include "OptionTable.h"

#include "compiler/Frontend/Names.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace deq::cli {

namespace {

class Grammar {
public:
  Grammar();
  ParsedLine parse(int argc, const char *const *argv);

private:
  CLI::App *addCommand(const char *name, Command command, const char *description);
  void addFile(CLI::App &command);
  void addRows(CLI::App &command, OnCommand mask);
  void addRow(CLI::App &command, const OptionRow &row);
  void refuseLeftovers();
  std::vector<std::string> optionNames();
  std::vector<std::string> commandNames();
  ParsedLine finish(std::string text, int status) const;

  Options options;
  std::string flagValue; ///< CLI11 wants a place for it
  CLI::App app{"deq compiles and solves differential equations", "deqc"};
  CLI::App *chosen = nullptr;
};

} // namespace

Grammar::Grammar() {
  app.set_version_flag("--version", "deqc " DEQ_VERSION, "print the version");
  app.set_help_flag("-h,--help", "print this help");
  app.require_subcommand(0, 1);
  app.allow_extras();
  app.get_formatter()->column_width(26);
  app.get_formatter()->label("REQUIRED", "");
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.footer("'deqc COMMAND --help' explains a command.\n\n"
             "Exit status: 0 solved; 1 a solve failed, its data is complete up to there;\n"
             "2 bad source or usage; 3 a file could not be read or written; 130 interrupted.");

  CLI::App *run = addCommand("run", Command::run, "compile and solve");
  addFile(*run);
  addRows(*run, onRun);
  CLI::App *compile = addCommand("compile", Command::compile, "print a stage of the compiler");
  addFile(*compile);
  addRows(*compile, onCompile);
  CLI::App *check = addCommand("check", Command::check, "parse and verify only");
  addFile(*check);
  addRows(*check, onCheck);

  CLI::App *format = addCommand("format", Command::format, "print sources in canonical layout");
  format->add_option("FILE", options.files, "a .deq source, or - for standard input")
      ->required()
      ->type_name("");
  addRows(*format, onFormat);

  CLI::App *list = addCommand("list", Command::list, "print what deq knows");
  list->add_option("TOPIC", CLI::callback_t([this](const CLI::results_t &words) {
                     options.topic = parseChoice("list", words[0], listTopics(), {"targets"});
                     return true;
                   }),
                   fmt::format("one of {}", fmt::join(listTopics(), ", ")))
      ->required();

  CLI::App *cache = addCommand("cache", Command::cache, "show or clear the cache on disk");
  cache
      ->add_option("TOPIC", CLI::callback_t([this](const CLI::results_t &words) {
                     options.topic = parseChoice("cache", words[0], cacheTopics(), {});
                     return true;
                   }),
                   fmt::format("one of {}", fmt::join(cacheTopics(), ", ")))
      ->required();
  cache->add_option("FILE", options.file, "of `why`: a .deq source")->type_name("");
  addRows(*cache, onCache);
}

CLI::App *Grammar::addCommand(const char *name, Command command, const char *description) {
  CLI::App *sub = app.add_subcommand(name, description)->allow_extras();
  sub->group("Commands")->footer("");
  sub->preparse_callback([this, sub, command](std::size_t) {
    chosen = sub;
    options.command = command;
  });
  return sub;
}

void Grammar::addFile(CLI::App &command) {
  command.add_option("FILE", options.file, "a .deq source, or a dump of a stage")
      ->required()
      ->type_name("");
}

void Grammar::addRows(CLI::App &command, OnCommand mask) {
  for (const OptionRow &row : optionRows())
    if (row.commands & mask)
      addRow(command, row);
}

void Grammar::addRow(CLI::App &command, const OptionRow &row) {
  CLI::Option *option = nullptr;
  if (row.value.empty()) {
    option = command.add_flag_callback(
        row.spelling, [this, &row] { row.set(options, row.spelling, ""); }, row.help);
  } else if (row.value.front() == '[') {
    // The value in braces is that of the bare flag; another one needs `=`.
    option = command.add_flag(row.spelling + "{text}", flagValue, row.help)
                 ->each([this, &row](const std::string &value) {
                   row.set(options, row.spelling, value);
                 })
                 ->option_text(row.value);
  } else {
    auto setAll = [this, &row](const CLI::results_t &values) {
      if (values.size() > 1 && !row.repeatable)
        throw UsageError(fmt::format("{} is given twice", row.spelling));
      for (const std::string &value : values)
        row.set(options, row.spelling, value);
      return true;
    };
    option = command.add_option(row.spelling, CLI::callback_t(setAll), row.help)
                 ->type_size(1)
                 ->expected(1)
                 ->allow_extra_args(false)
                 ->option_text(row.value)
                 ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  if (row.help.empty())
    option->group("");
}

/// CLI11 would list everything it did not expect; the first word is what the user has to look at.
void Grammar::refuseLeftovers() {
  std::vector<std::string> words = app.remaining(true);
  if (words.empty())
    return;
  const std::string &word = words[0];
  if (word.size() > 1 && word[0] == '-') {
    std::string name = word.substr(0, word.find('='));
    throw UsageError(fmt::format("unknown option '{}'{}", name, suggestion(name, optionNames())));
  }
  if (chosen)
    throw UsageError(fmt::format("unexpected '{}'", word));
  throw UsageError(fmt::format("unknown command '{}'{}", word, suggestion(word, commandNames())));
}

/// Those that the chosen command has, or deqc itself.
std::vector<std::string> Grammar::optionNames() {
  std::vector<std::string> names;
  for (const CLI::Option *option : (chosen ? chosen : &app)->get_options())
    for (const std::string &name : option->get_lnames())
      names.push_back("--" + name);
  return names;
}

std::vector<std::string> Grammar::commandNames() {
  std::vector<std::string> names;
  for (const CLI::App *command : app.get_subcommands({}))
    names.push_back(command->get_name());
  return names;
}

ParsedLine Grammar::finish(std::string text, int status) const {
  ParsedLine line;
  line.finished = true;
  line.status = status;
  line.text = std::move(text);
  return line;
}

ParsedLine Grammar::parse(int argc, const char *const *argv) {
  std::string problem;
  try {
    app.parse(argc, argv);
    refuseLeftovers();
    if (!chosen)
      return finish(app.help(), exitMisuse);
    ParsedLine line;
    line.options = options;
    return line;
  } catch (const CLI::CallForVersion &version) {
    return finish(std::string(version.what()) + "\n", exitSolved);
  } catch (const CLI::CallForHelp &) {
    return finish(chosen ? chosen->help("deqc") : app.help(), exitSolved);
  } catch (const CLI::ArgumentMismatch &error) {
    std::string text = error.what(); // "--rtol: 1 required missing"
    problem = text.substr(0, text.find(':')) + " needs a value";
  } catch (const CLI::ParseError &error) {
    problem = error.what();
  } catch (const UsageError &error) {
    problem = error.what();
  }
  std::string command = chosen ? " " + chosen->get_name() : "";
  return finish(fmt::format("deqc: error: {}\nsee 'deqc{} --help'\n", problem, command),
                exitMisuse);
}

ParsedLine parseLine(int argc, const char *const *argv) { return Grammar().parse(argc, argv); }

} // namespace deq::cli
