// SPDX-License-Identifier: GPL-3.0-or-later
// Operator precedence of SQL expressions; a part of the SyntaxReader.
#pragma once

#include "console/sql/plan/syntax.h"

namespace console {

struct ExpressionReader {
  SyntaxReader& r;

  std::optional<Expr> either();      // or
  std::optional<Expr> both();        // and
  std::optional<Expr> negation();    // not
  std::optional<Expr> comparison();  // = < > is in like between
  std::optional<Expr> sum();
  std::optional<Expr> product();
  std::optional<Expr> power();
  std::optional<Expr> sign();
  std::optional<Expr> suffixed();  // :: and [ ]
  std::optional<Expr> primary();

 private:
  std::optional<Expr> word();
  std::optional<Expr> call(const SqlToken& name);
  std::optional<Expr> caseOf();
  std::optional<Expr> parenthesized();
  std::optional<Expr> isTest(Expr left);
  std::optional<Expr> listTest(Expr left, bool negated);
  std::optional<Expr> matchTest(Expr left, bool negated);
  Expr binary(const SqlToken& op, Expr left, Expr right) const;
};

}  // namespace console
