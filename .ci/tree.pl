# The C++ sources of a tree, for the checks beside this file. Perl's base
# alone, so that they run on a bare machine.
use strict;
use warnings;

# Names in a folder, without hidden ones and what building leaves.
sub names {
  my ($folder) = @_;
  opendir(my $dir, $folder) or die "$folder: $!\n";
  return grep { !/^(?:\.|build$|node_modules$)/ } readdir $dir;
}

# Every path below the root, folders included, sorted.
sub paths {
  my ($root) = @_;
  my @todo = names($root);
  my @found;
  while (defined(my $path = shift @todo)) {
    push @found, $path;
    next if -l "$root/$path" || !-d "$root/$path";
    push @todo, map { "$path/$_" } names("$root/$path");
  }
  return sort @found;
}

sub sources { return grep { /\.(h|cc)$/ } paths(@_) }

sub slurp {
  my ($file) = @_;
  open(my $in, '<', $file) or die "$file: $!\n";
  local $/;
  my $text = <$in>;
  return defined $text ? $text : '';
}

# The text with comments blanked and its lines kept. String literals are
# matched too, so that "//" within one is no comment.
sub without_comments {
  my ($text) = @_;
  $text =~ s{("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*.*?\*/}
            {defined $1 ? $1 : "\n" x ($& =~ tr/\n//)}gse;
  return $text;
}

1;
