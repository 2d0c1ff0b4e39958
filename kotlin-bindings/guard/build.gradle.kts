// See pom.xml beside this file: both builds do the same.
